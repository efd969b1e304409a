namespace Parley.Server.Accounts;

/// <summary>What a genuine refresh token gets.</summary>
internal enum RefreshVerdict
{
    /// <summary>The next generation.</summary>
    Rotate,

    /// <summary>The same successor once more: the first answer was lost.</summary>
    Repeat,

    /// <summary>Nothing, and the device ends: two hold its tokens.</summary>
    Revoke,
}
