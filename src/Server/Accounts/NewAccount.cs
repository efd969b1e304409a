using Parley.Contract;
using Parley.Server.Kernel;
using Parley.Server.Storage;

namespace Parley.Server.Accounts;

/// <summary>
/// Inserts an account, inside a transaction of somebody else: an administrator's verb, the command line, a demo's seed.
/// </summary>
internal sealed class NewAccount(TimeProvider time, IChance chance)
{
    private static readonly Refusal Taken = new(RefusalCode.AlreadyExists, "This handle is in use. Choose another.");

    /// <param name="turn">The transaction.</param>
    /// <param name="request">Who; judged here.</param>
    /// <param name="passwordHash">
    /// From <see cref="Passwords.Hash"/>, outside of the transaction; null: the person chooses by a link.
    /// </param>
    public async Task<Outcome<Person>> InsertAsync(Transaction turn, CreateAccountRequest request, string? passwordHash)
    {
        var handle = AccountRules.Handle(request.Handle);
        var name = request.Name.Trim();
        if ((AccountRules.WhyNotHandle(handle)
            ?? AccountRules.WhyNotName(name)
            ?? AccountRules.WhyNotAttributes(request.Attributes, await AccountSql.AttributesAsync(turn))) is { } bad)
        {
            return bad;
        }

        if (await AccountSql.FindAsync(turn, handle) is not null)
            return Taken;

        var now = time.GetUtcNow();
        var attributes = request.Attributes ?? new Dictionary<string, string>();
        var person = new Person(new(chance.NewId(now)), handle, name, request.Role, attributes, IsActive: true);
        await turn.ExecuteAsync(
            """
            INSERT INTO account (id, handle, name, role, attributes, password_hash, created_at)
            VALUES (@Id, @handle, @name, @Role, @attributes, @passwordHash, @now)
            """,
            new { person.Id, handle, name, Role = person.Role.Word(), attributes, passwordHash, now });
        return person;
    }
}
