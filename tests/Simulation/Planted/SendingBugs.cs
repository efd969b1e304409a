using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Journal;
using Parley.Server.Messages;
using Parley.Server.Storage;

namespace Parley.Simulation.Planted;

internal sealed class AnswersBeforeCommit : PlantedBug
{
    public override string Name => "the ack leaves before the commit";

    public override IReadOnlyList<string> CaughtBy => ["D9", "D1"];

    public override bool AnswersEarly => true;
}

internal sealed class PushesBeforeCommit : PlantedBug
{
    public override string Name => "a message is pushed before its commit";

    public override IReadOnlyList<string> CaughtBy => ["D9", "D8"];

    public override void Configure(IServiceCollection services) => services
        .RemoveAll<IMessageStore>()
        .AddSingleton<IMessageStore>(provider => new Store(provider.GetRequiredService<IFanout>()));

    private sealed class Store(IFanout fanout) : TamperedMessages
    {
        public override async Task WriteAsync(
            Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads)
        {
            await base.WriteAsync(turn, messages, heads);
            foreach (var row in messages)
            {
                var message = new Message(
                    row.Id, row.ConversationId, row.Number, row.AuthorId, row.Body, row.SentAt,
                    null, null, null, null, 1, row.Seq);
                fanout.Publish(new(Wire.ChangesTarget, new Changes(
                    row.ConversationId, row.Seq - 1, row.Seq, row.Number, null, [], [message], false), [row.AuthorId]));
            }
        }
    }
}

internal sealed class ForgetsOldIds : PlantedBug
{
    public override string Name => "ids of messages are remembered for 3 seconds only";

    public override IReadOnlyList<string> CaughtBy => ["D3"];

    public override void Configure(IServiceCollection services) => services
        .RemoveAll<IMessageStore>()
        .AddSingleton<IMessageStore>(provider => new Store(provider.GetRequiredService<TimeProvider>()));

    private sealed class Store(TimeProvider time) : TamperedMessages
    {
        private readonly HashSet<MessageId> _forgotten = [];

        public override async Task<SendFacts> GatherAsync(Transaction turn, IReadOnlyList<Sending> batch)
        {
            var facts = await base.GatherAsync(turn, batch);
            var before = time.GetUtcNow() - TimeSpan.FromSeconds(3);
            foreach (var old in facts.Stored.Values.Where(old => old.SentAt < before))
            {
                _forgotten.Add(old.Id);
                facts.Stored.Remove(old.Id);
            }

            return facts;
        }

        public override Task WriteAsync(
            Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads) =>
            base.WriteAsync(turn, [.. messages.Select(row => _forgotten.Contains(row.Id)
                ? row with { Id = new(Guid.NewGuid()) }
                : row)], heads);
    }
}

internal sealed class NumbersFromMemory : PlantedBug
{
    public override string Name => "numbers are taken outside the transaction";

    public override IReadOnlyList<string> CaughtBy => ["D5"];

    public override void Configure(IServiceCollection services) => services
        .RemoveAll<IMessageStore>()
        .AddSingleton<IMessageStore>(new Store());

    private sealed class Store : TamperedMessages
    {
        private readonly Dictionary<ConversationId, (long Seq, long Number)> _heads = [];

        public override async Task<SendFacts> GatherAsync(Transaction turn, IReadOnlyList<Sending> batch)
        {
            var facts = await base.GatherAsync(turn, batch);
            foreach (var (id, head) in facts.Heads.ToList())
            {
                var (seq, number) = _heads.GetValueOrDefault(id);
                facts.Heads[id] = new(head.Row with
                {
                    HeadSeq = Math.Max(head.Row.HeadSeq, seq),
                    HeadNumber = Math.Max(head.Row.HeadNumber, number),
                });
            }

            return facts;
        }

        public override Task WriteAsync(
            Transaction turn, IReadOnlyList<NewMessage> messages, IReadOnlyCollection<ConversationHead> heads)
        {
            foreach (var head in heads)
                _heads[head.Row.Id] = (head.Seq, head.Number);
            return base.WriteAsync(turn, messages, heads);
        }
    }
}

internal sealed class EditRevivesRemoved : PlantedBug
{
    public override string Name => "an edit brings a removed message back";

    public override IReadOnlyList<string> CaughtBy => ["V1"];

    public override Servers.Hub Hub(IServiceProvider services, Server.Kernel.Caller caller) =>
        new ForgivingHub(services, caller);

    private sealed class ForgivingHub(IServiceProvider services, Server.Kernel.Caller caller)
        : Servers.Hub(services, caller)
    {
        public override Task<Reply<Message>> Edit(EditMessageRequest request) => Reply(Get<ChangeMessage>().RunAsync(
            Caller, request.ConversationId, request.Id, facts => (
                facts.Message.AuthorId == Caller.AccountId ? null : Server.Kernel.Refuse.NotFound,
                facts.Message with { Body = request.Body, EditedAt = facts.Now, RemovedAt = null }), default));
    }
}
