using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Contract;
using Parley.Server.Fanout;
using Parley.Server.Journal;
using Parley.Server.Kernel;
using Parley.Server.Receipts;
using Parley.Server.Storage;
using Parley.Server.Sync;

namespace Parley.Simulation.Planted;

internal sealed class ReceiptsGoBack : PlantedBug
{
    public override string Name => "a receipt is written without taking the larger";

    public override IReadOnlyList<string> CaughtBy => ["S2"];

    public override void Configure(IServiceCollection services) => services
        .RemoveAll<IReceiptStore>()
        .AddSingleton<IReceiptStore>(new Store());

    private sealed class Store : IReceiptStore, IDisposable
    {
        private readonly SqliteReceiptStore _real = new();

        public async Task<ReceiptFacts> GatherAsync(
            Transaction turn, IReadOnlyList<(ConversationId Conversation, AccountId Account)> keys)
        {
            var facts = await _real.GatherAsync(turn, keys);
            foreach (var (key, row) in facts.Receipts.ToList())
                facts.Receipts[key] = row with { DeliveredNumber = 0, ReadNumber = 0 };
            return facts;
        }

        public Task WriteAsync(Transaction turn, IReadOnlyList<MovedReceipt> moved, DateTimeOffset now) =>
            _real.WriteAsync(turn, moved, now);

        public void Dispose() => _real.Dispose();
    }
}

internal sealed class TrustsAnOldRoster : PlantedBug
{
    public override string Name => "the roster is not checked in the transaction";

    public override IReadOnlyList<string> CaughtBy => ["CV-3"];

    public override string Sql => """
        CREATE TRIGGER roster_version_stays AFTER UPDATE OF roster_version ON conversation
        WHEN NEW.roster_version > 1 BEGIN
            UPDATE conversation SET roster_version = 1 WHERE id = NEW.id;
        END;
        """;
}

internal sealed class TellsTypistsOfThemselves : PlantedBug
{
    public override string Name => "typing is told to everybody, the typist too";

    public override IReadOnlyList<string> CaughtBy => ["E1"];

    public override IFanout Fanout(IFanout lines) => new Loud(lines);

    private sealed class Loud(IFanout lines) : IFanout
    {
        public void Publish(Push push) => lines.Publish(push.Payload is Typing { AccountIds: { Count: > 0 } typists }
            ? push with { Recipients = [.. push.Recipients.Union(typists)] }
            : push);
    }
}

internal sealed class CatchUpShowsHiddenHistory : PlantedBug
{
    public override string Name => "filling a gap shows what was written before one joined";

    public override IReadOnlyList<string> CaughtBy => ["CV-2"];

    public override Servers.Hub Hub(IServiceProvider services, Caller caller) => new OpenHub(services, caller);

    private sealed class OpenHub(IServiceProvider services, Caller caller) : Servers.Hub(services, caller)
    {
        public override async Task<Reply<Changes>> Changes(GetChangesRequest request)
        {
            var reply = await base.Changes(request);
            return reply.Value is null
                ? reply
                : new(await Get<IDatabase>().ReadAsync(async view => await ConversationChanges.ReadAsync(
                    view, (await ConversationHead.ReadAsync(view, request.ConversationId))!, 0, request.AfterSeq),
                    default), null);
        }
    }
}

internal sealed class CatchUpForgetsEdits : PlantedBug
{
    public override string Name => "catching up brings new messages but no edits";

    public override IReadOnlyList<string> CaughtBy => ["D10", "D2"];

    public override Servers.Hub Hub(IServiceProvider services, Caller caller) => new ForgetfulHub(services, caller);

    private sealed class ForgetfulHub(IServiceProvider services, Caller caller) : Servers.Hub(services, caller)
    {
        public override async Task<Reply<SyncReply>> Sync(SyncRequest request)
        {
            var reply = await base.Sync(request);
            return reply.Value is { } value
                ? reply with
                {
                    Value = value with { Conversations = [.. value.Conversations.Select(WithoutEdits)] },
                }
                : reply;
        }

        private static Changes WithoutEdits(Changes changes) => changes with
        {
            Messages = [.. changes.Messages.Where(message => message.Version == 1)],
        };
    }
}

internal sealed class SubscribesAfterSync : PlantedBug
{
    public override string Name => "a connection syncs first and subscribes later";

    public override IReadOnlyList<string> CaughtBy => ["SY-4"];

    public override bool SubscribesLate => true;
}
