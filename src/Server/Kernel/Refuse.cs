using Parley.Contract;

namespace Parley.Server.Kernel;

/// <summary>The refusals that several rooms give, worded once. A refusal says what happened and what to do.</summary>
internal static class Refuse
{
    public static readonly Refusal NotFound =
        new(RefusalCode.NotFound, "There is nothing here that you may see. Check the id, or ask to be added.");

    public static readonly Refusal Unauthenticated =
        new(RefusalCode.Unauthenticated, "Sign in: the token is missing, expired, revoked or not one of ours.");

    public static readonly Refusal Forbidden =
        new(RefusalCode.Forbidden, "Your role does not allow this. Ask an owner or an administrator.");

    public static Refusal Invalid(string detail) => new(RefusalCode.Invalid, detail);
}
