using System.Buffers;
using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Accounts;

/// <summary>The decisions about accounts and sessions: facts in, answer out.</summary>
internal static class AccountRules
{
    public const int HandleLengthMin = 2;
    public const int HandleLengthMax = 40;
    public const int NameLengthMax = 100;
    public const int AttributeLengthMax = 200;
    public const int AttributesMax = 50;
    public const int AttributeKeyLengthMax = 40;
    public const int AttributeLabelLengthMax = 100;
    public const int FailuresMax = 10;

    /// <summary>Shorter parts of a handle or name occur in good passwords by accident.</summary>
    private const int TellingPartLengthMin = 4;

    public static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan ResetLinkLife = TimeSpan.FromHours(24);

    /// <summary>A session ends when it was not refreshed for so long.</summary>
    public static readonly TimeSpan RefreshIdle = TimeSpan.FromDays(30);

    /// <summary>A session ends so long after its sign-in, however busy it is.</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromDays(90);

    /// <summary>So long the preceding refresh token is answered with the same successor. Rule AU-3.</summary>
    public static readonly TimeSpan RefreshGrace = TimeSpan.FromSeconds(10);

    private static readonly SearchValues<char> HandleAlphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> KeyAlphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>A handle as it is stored and compared.</summary>
    public static string Handle(string handle) => handle.Trim().ToLowerInvariant();

    public static bool IsHandle(string handle) =>
        handle.Length is >= HandleLengthMin and <= HandleLengthMax
        && char.IsAsciiLetterOrDigit(handle[0])
        && !handle.AsSpan().ContainsAnyExcept(HandleAlphabet);

    public static Refusal? WhyNotHandle(string handle) => IsHandle(handle)
        ? null
        : Refuse.Invalid("handle: 2 to 40 of a-z 0-9 . _ -, starting with a letter or digit.");

    public static Refusal? WhyNotName(string name) => IsText(name, NameLengthMax)
        ? null
        : Refuse.Invalid("name: 1 to 100 characters, not only white space, no control characters.");

    public static Refusal? WhyNotDeviceName(string name) => IsText(name, NameLengthMax)
        ? null
        : Refuse.Invalid("deviceName: 1 to 100 characters, not only white space, no control characters.");

    public static Refusal? WhyNotAttributes(
        IReadOnlyDictionary<string, string>? values, IReadOnlyList<AttributeDefinition> defined)
    {
        foreach (var (key, value) in values ?? Empty)
        {
            if (!defined.Any(attribute => attribute.Key == key))
                return Refuse.Invalid(
                    "attributes: only keys that the organisation configured; see /api/v1/attributes.");
            if (!IsText(value, AttributeLengthMax))
                return Refuse.Invalid("attributes: values of 1 to 200 characters. Leave out what has no value.");
        }

        return null;
    }

    public static Refusal? WhyNotDefine(IReadOnlyList<AttributeDefinition> attributes)
    {
        if (attributes.Count > AttributesMax)
            return Refuse.Invalid("items: at most 50 attributes.");
        if (attributes.DistinctBy(attribute => attribute.Key).Count() != attributes.Count)
            return Refuse.Invalid("items: a key may stand only once.");

        return attributes.All(attribute =>
            IsAttributeKey(attribute.Key) && IsText(attribute.Label, AttributeLabelLengthMax))
            ? null
            : Refuse.Invalid("items: a key has 1 to 40 of a-z 0-9 -, a label 1 to 100 characters.");
    }

    public static Refusal? WhyNotPassword(string password, string handle, string name)
    {
        if (password.Length is < Limits.PasswordLengthMin or > Limits.PasswordLengthMax)
            return Weak("A password has 8 to 256 characters.");
        if (CommonPasswords.Contains(password))
            return Weak("This password is one of the first that anybody tries. Take a few unrelated words.");

        return TellingParts(handle, name).Any(part => password.Contains(part, StringComparison.OrdinalIgnoreCase))
            ? Weak("The password must not contain the person's handle or name.")
            : null;
    }

    /// <summary>
    /// Counts a try before its password is looked at, so that tries at the same time cannot outrun the count.
    /// </summary>
    public static SignInTries Count(SignInTries tries, DateTimeOffset now)
    {
        var isNewWindow = now - tries.Since >= FailureWindow || tries.LockedUntil <= now;
        var failures = isNewWindow ? 1 : tries.Failures + 1;
        return new(failures, isNewWindow ? now : tries.Since, failures >= FailuresMax ? now + LockTime : null);
    }

    /// <summary>Rule AU-1: ten failures in fifteen minutes lock a handle, whether it exists or not.</summary>
    public static Refusal? WhyLockedOut(SignInTries tries, DateTimeOffset now) =>
        tries.LockedUntil is { } until && until > now
            ? new(
                RefusalCode.LockedOut,
                "Too many failed attempts for this handle. Wait, or ask an administrator for a reset link.",
                (int)Math.Ceiling((until - now).TotalSeconds))
            : null;

    /// <summary>What to do with a genuine refresh token. Rule AU-3.</summary>
    public static RefreshVerdict Judge(long presented, long current, DateTimeOffset refreshedAt, DateTimeOffset now)
    {
        // Ahead of us: ours, but the database was restored from a backup. Its owner has not done anything wrong.
        if (presented >= current)
            return RefreshVerdict.Rotate;

        var isLostAnswer = presented == current - 1 && now - refreshedAt <= RefreshGrace;
        return isLostAnswer ? RefreshVerdict.Repeat : RefreshVerdict.Revoke;
    }

    /// <summary>When a session that is refreshed now ends.</summary>
    public static DateTimeOffset SessionEnd(DateTimeOffset signedInAt, DateTimeOffset now) =>
        signedInAt + SessionLife < now + RefreshIdle ? signedInAt + SessionLife : now + RefreshIdle;

    private static readonly Dictionary<string, string> Empty = [];

    private static bool IsText(string text, int lengthMax) =>
        text.Length <= lengthMax && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);

    private static bool IsAttributeKey(string key) =>
        key.Length is >= 1 and <= AttributeKeyLengthMax && !key.AsSpan().ContainsAnyExcept(KeyAlphabet);

    private static IEnumerable<string> TellingParts(string handle, string name) =>
        handle.Split('.', '_', '-').Append(handle).Concat(name.Split(' '))
            .Where(part => part.Length >= TellingPartLengthMin);

    private static Refusal Weak(string detail) => new(RefusalCode.WeakPassword, detail);
}

/// <summary>Tries to sign in to one handle that were not successful, in the present window.</summary>
internal sealed record SignInTries(int Failures, DateTimeOffset Since, DateTimeOffset? LockedUntil);
