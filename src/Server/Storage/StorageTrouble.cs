using Parley.Contract;

namespace Parley.Server.Storage;

/// <summary>
/// The database cannot do its work just now. Both doors turn it into its refusal. Nothing was stored, unless the commit
/// itself was cut off: then only asking again with the same id tells, which is what ids are for (rule MS-1).
/// </summary>
internal sealed class StorageTrouble(Refusal refusal, Exception? cause) : Exception(refusal.Detail, cause)
{
    public Refusal Refusal { get; } = refusal;

    public static StorageTrouble Full(Exception cause) =>
        new(new(RefusalCode.StorageFull, "The server's disk is full; nothing was stored. Try again later.", 30), cause);

    public static StorageTrouble Busy(Exception? cause) =>
        new(new(RefusalCode.Overloaded, "The server's database is busy or away. Try again shortly.", 2), cause);
}
