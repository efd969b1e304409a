using System.ComponentModel.DataAnnotations;

namespace Parley.Server.Expiry;

/// <summary>Section <c>Expiry</c>. After how many days a message expires is part of the protocol (rule EX-1).</summary>
internal sealed class ExpiryOptions
{
    /// <summary>How often the server looks for messages that became too old. Minutes.</summary>
    [Range(1, 1440)] public int SweepMinutes { get; init; } = 10;
}
