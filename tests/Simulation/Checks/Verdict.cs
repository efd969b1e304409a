using Parley.Client;
using Parley.Contract;
using Parley.Simulation.Devices;

namespace Parley.Simulation.Checks;

/// <summary>What must hold when all faults are healed and everything has come to rest.</summary>
internal sealed class Verdict(World world)
{
    private Truth Truth => world.Truth;

    public void Run(IReadOnlyList<Phone> fresh)
    {
        foreach (var phone in world.Phones)
        {
            CheckSaid(phone);
            CheckOrder(phone);
            CheckConversations(phone, fresh.Single(other => other.Person == phone.Person));
        }

        foreach (var (receiver, typist) in world.Witness.Typists)
            world.Violated("E2", $"{typist} is still shown as typing to {receiver}");
    }

    /// <summary>Nothing acknowledged is lost, and everything said ends in one state.</summary>
    private void CheckSaid(Phone phone)
    {
        var left = phone.Outbox.Load().ToDictionary(item => item.Id);
        foreach (var said in phone.Said)
        {
            var stored = Truth.Find(said.ConversationId, said.Id);
            if (said.Ack is not null && stored is null)
                world.Violated("D1", $"'{said.Body}' was acknowledged and is lost");
            else if (stored is null && !left.ContainsKey(said.Id))
                world.Violated("D12", $"'{said.Body}' is neither stored nor in the outbox");
            else if (stored is null && left[said.Id].State is not (OutboxState.Failed or OutboxState.NeedsConfirmation))
                world.Violated("D12", $"'{said.Body}' is still {left[said.Id].State}");
            else if (left.GetValueOrDefault(said.Id)?.Refusal?.Code == RefusalCode.IdTaken)
                world.Violated("D7", $"'{said.Body}' was refused as somebody else's");
        }
    }

    private void CheckOrder(Phone phone)
    {
        foreach (var line in phone.Said.Where(said => !said.SteppedAside).GroupBy(said => said.ConversationId))
        {
            var numbers = line.Select(said => Truth.Find(said.ConversationId, said.Id)?.Number)
                .OfType<long>().ToList();
            if (!numbers.SequenceEqual(numbers.Order()))
                world.Violated("D6", $"{phone.Name} said in order what became {string.Join(' ', numbers)}");
        }
    }

    private void CheckConversations(Phone phone, Phone fresh)
    {
        var client = phone.Client!; // Everything runs at the end.
        var (shown, asNew) = (client.State.Conversations, fresh.Client!.State.Conversations);
        foreach (var conversation in Truth.Conversations)
        {
            var isShown = shown.ContainsKey(conversation.Id);
            if (conversation.IsMember(phone.Person) != isShown)
                world.Violated("D2", $"{phone.Name} {(isShown ? "still" : "does not")} show {conversation.Id}");
            else if (isShown && !asNew.ContainsKey(conversation.Id))
                world.Violated("D2", $"a fresh device of {phone.Name}'s person does not get {conversation.Id}");
            else if (isShown)
                Compare(phone, client, conversation, asNew[conversation.Id]);
        }
    }

    private void Compare(Phone phone, ParleyClient client, ConversationTruth conversation, ConversationState fresh)
    {
        var state = client.State.Conversations[conversation.Id];
        var stay = conversation.StayOf(phone.Person)!; // A member: asked before.
        if (!IsAt(state, conversation))
        {
            world.Violated(
                "D2", $"{phone.Name} rests at {state.Seq}/{state.ReceiptSeq} of {conversation.Id}, the server at "
                + $"{conversation.HeadSeq}/{conversation.ReceiptSeq}");
        }

        var all = conversation.SeenAt(stay, long.MaxValue).ToList();
        foreach (var stored in all.Where(stored => stored.Number >= state.FromNumber))
        {
            var held = state.Messages.GetValueOrDefault(stored.Number);
            if (held?.Id != stored.Id || held.ChangedSeq != stored.Seq || held.Body != stored.Body)
                world.Violated("D2", $"{phone.Name} holds '{held?.Body}' as {stored.Number}, not '{stored.Body}'");
        }

        if (state.Conversation != fresh.Conversation || !Marks(state).SequenceEqual(Marks(fresh)))
            world.Violated("V1", $"{phone.Name} and a fresh device differ about {conversation.Id}");

        var mark = Math.Max(stay.Read, stay.JoinedNumber);
        var unread = all.Count(stored =>
            stored.AuthorId != phone.Person && !stored.IsRemoved && stored.Number > mark);
        if (state.FromNumber <= stay.Read + 1 && client.UnreadOf(conversation.Id) != unread)
            world.Violated("S8", $"{phone.Name} counts {client.UnreadOf(conversation.Id)} unread, there are {unread}");
    }

    private static bool IsAt(ConversationState state, ConversationTruth conversation) =>
        state.Seq == conversation.HeadSeq && state.ReceiptSeq == conversation.ReceiptSeq;

    /// <summary>Joining brings the marks to where one joined; who was there knows that without a receipt.</summary>
    private static IEnumerable<(AccountId, MembershipRole, long, long, long)> Marks(ConversationState state) =>
        from membership in state.Memberships.Values
        where membership.LeftAt is null
        orderby membership.AccountId.Value
        let joined = membership.JoinedNumber
        let receipt = state.Receipts.GetValueOrDefault(membership.AccountId)
        select (membership.AccountId, membership.Role, joined,
            Math.Max(joined, receipt?.DeliveredNumber ?? 0), Math.Max(joined, receipt?.ReadNumber ?? 0));
}
