using Parley.Client.Sending;
using Parley.Client.Storing;
using Parley.Client.Tests.Fakes;
using Parley.Contract;

namespace Parley.Client.Tests;

public sealed class FileStoreTests : IDisposable
{
    private static readonly ConversationId Chat = new(Guid.CreateVersion7());

    private readonly string _folder = Directory.CreateTempSubdirectory("parley-").FullName;

    private string Journal => Path.Combine(_folder, "outbox.journal");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void D1_An_outbox_torn_at_any_byte_holds_everything_that_was_promised_before()
    {
        var promised = new List<(long Length, List<string> Bodies)> { (0, []) };
        using (var store = new FileOutboxStore(Journal))
        {
            var items = new List<OutboxItem>();
            for (var i = 0; i < 6; i++)
            {
                items.Add(Item(i));
                store.Put(items[^1]);
                Note();
                if (i % 2 == 1)
                {
                    store.Remove(items[0].Id);
                    items.RemoveAt(0);
                    Note();
                }
            }

            void Note() => promised.Add((new FileInfo(Journal).Length, [.. items.Select(item => item.Body)]));
        }

        var whole = File.ReadAllBytes(Journal);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Journal, whole[..length]);
            using var store = new FileOutboxStore(Journal);
            Assert.Equal(promised.Last(each => each.Length <= length).Bodies, Bodies(store));

            // And the torn line does not spoil the next one.
            store.Put(Item(99));
            store.Dispose();
            using var again = new FileOutboxStore(Journal);
            Assert.Contains("text 99", Bodies(again));
        }
    }

    [Fact]
    public void D1_A_crash_at_any_step_to_the_disk_leaves_the_outbox_before_or_after_it_never_a_mixture()
    {
        for (var dies = 1; ; dies++)
        {
            File.Delete(Journal);
            var steps = 0;
            var (before, after) = (new List<string>(), new List<string>());
            try
            {
                using var store = new FileOutboxStore(Journal, _ =>
                {
                    if (++steps == dies)
                        throw new InvalidOperationException("The power failed.");
                }, linesBeforeCompaction: 12);
                for (var i = 0; i < 15; i++)
                {
                    var item = Item(i);
                    before = [.. after];
                    after.Add(item.Body);
                    store.Put(item);
                    if (i < 2)
                        continue;

                    before = [.. after];
                    after.Remove(item.Body);
                    store.Remove(item.Id);
                }
            }
            catch (InvalidOperationException)
            {
                using var left = new FileOutboxStore(Journal);
                var bodies = Bodies(left);
                Assert.True(bodies.SequenceEqual(before) || bodies.SequenceEqual(after), $"step {dies}");
                continue;
            }

            // Two steps a line, and at least one compaction of five.
            Assert.True(steps > 2 * (15 + 13) + 5);
            return;
        }
    }

    [Fact]
    public void A_full_disk_refuses_the_message_and_the_outbox_stays_good()
    {
        var isFull = false;
        using (var store = new FileOutboxStore(Journal, step =>
        {
            if (isFull && step == "flush")
                throw new IOException("No space left on device.");
        }))
        {
            store.Put(Item(1));
            isFull = true;
            Assert.Throws<IOException>(() => store.Put(Item(2)));
            isFull = false;
            store.Put(Item(3));
        }

        using var again = new FileOutboxStore(Journal);
        Assert.Equal(["text 1", "text 3"], Bodies(again));
    }

    [Fact]
    public void Damage_in_the_middle_costs_one_message_and_is_kept_for_a_person_to_look_at()
    {
        using (var store = new FileOutboxStore(Journal))
        {
            for (var i = 0; i < 3; i++)
                store.Put(Item(i));
        }

        var bytes = File.ReadAllBytes(Journal);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Journal, bytes);

        using var left = new FileOutboxStore(Journal);
        Assert.Equal(["text 0", "text 2"], Bodies(left));
        Assert.True(File.Exists(Journal + ".damaged"));
    }

    [Fact]
    public void Two_programs_do_not_send_from_one_outbox()
    {
        using var mine = new FileOutboxStore(Journal);
        Assert.Throws<IOException>(() => new FileOutboxStore(Journal));
    }

    [Fact]
    public void D2_A_device_killed_at_any_step_to_its_disk_ends_with_every_message_once_and_in_order()
    {
        for (var dies = 1; dies <= 60; dies++)
        {
            var world = new World();
            var cache = Path.Combine(_folder, $"cache-{dies}");
            var journal = Path.Combine(_folder, $"journal-{dies}");
            var ben = world.Start(world.Ben);
            var said = new List<string>();
            var steps = 0;
            Phone? anna = null;
            FileOutboxStore? outbox = null;
            try
            {
                outbox = new(journal, Die);
                anna = world.Start(world.Anna, new FileStore(cache, Die), outbox);
                for (var i = 0; i < 8; i++)
                {
                    ben.Say($"ben {i}");
                    world.Seconds(0.1);
                    anna.Say($"anna {i}");
                    said.Add($"anna {i}");
                }
            }
            catch (InvalidOperationException)
            {
            }

            anna?.Client.Abandon();
            outbox?.Dispose();
            using var left = new FileOutboxStore(journal);
            var again = world.Start(world.Anna, new FileStore(cache), left);
            world.Seconds(60);

            var stored = world.Log.Messages.Select(message => message.Body).ToList();
            Assert.Equal(stored, again.Texts);
            Assert.Equal(stored, ben.Texts);
            Assert.Equal(stored.Count, stored.Distinct().Count());
            var mine = stored.Where(text => text!.StartsWith("anna", StringComparison.Ordinal)).ToList();
            Assert.Equal(said, mine.Take(said.Count));
            Assert.Empty(left.Load());

            void Die(string step)
            {
                if (++steps >= dies)
                    throw new InvalidOperationException("The power failed.");
            }
        }
    }

    [Fact]
    public void RC2_Delivered_is_not_told_of_what_could_not_be_stored()
    {
        var world = new World();
        var isFull = false;
        var anna = world.Start(world.Anna);
        var ben = world.Start(world.Ben, new FileStore(Path.Combine(_folder, "cache"), _ =>
        {
            if (isFull)
                throw new IOException("No space left on device.");
        }));
        anna.Say("hello");
        world.Seconds(0.3);
        Assert.Equal(1, world.Log.ReceiptOf(world.Ben).DeliveredNumber);

        isFull = true;
        anna.Say("still there?");
        world.Seconds(3);
        Assert.Equal(["hello", "still there?"], ben.Texts);
        Assert.Equal(1, world.Log.ReceiptOf(world.Ben).DeliveredNumber);
        Assert.Contains(ben.Events, moved => moved is ClientEvent.Trouble);

        isFull = false;
        world.Seconds(10);
        Assert.Equal(2, world.Log.ReceiptOf(world.Ben).DeliveredNumber);
    }

    [Fact]
    public void A_cache_read_back_is_the_cache_that_was_saved()
    {
        var world = new World();
        var store = new FileStore(Path.Combine(_folder, "cache"));
        var anna = world.Start(world.Anna, store);
        for (var i = 0; i < 250; i++)
            anna.Say($"text {i}");
        world.Seconds(2);
        var state = anna.Client.State.Conversations[world.Chat];

        var read = new FileStore(Path.Combine(_folder, "cache")).Load();
        var again = read.Conversations[world.Chat];

        Assert.Equal((state.Seq, state.ReceiptSeq, state.HeadNumber), (again.Seq, again.ReceiptSeq, again.HeadNumber));
        Assert.Equal(state.Messages.Values.TakeLast(200), again.Messages.Values);
        Assert.Equal(51, again.FromNumber);
        Assert.Equal(anna.Client.State.Epoch, read.Epoch);
    }

    private static OutboxItem Item(int i) => new(
        new(Guid.CreateVersion7()), Chat, $"text {i}", DateTimeOffset.UnixEpoch, i + 1, OutboxState.Queued);

    private static List<string> Bodies(FileOutboxStore store) =>
        [.. store.Load().OrderBy(item => item.Position).Select(item => item.Body)];
}
