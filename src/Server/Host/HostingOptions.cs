using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Parley.Server.Host;

/// <summary>How the server stands in its network. Section <c>Host</c>.</summary>
internal sealed class HostingOptions : IValidatableObject
{
    /// <summary>
    /// Web origins besides the server's own whose pages may talk to it, and embed it:
    /// <c>https://dashboard.school.example</c>.
    /// </summary>
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Addresses or networks (<c>10.0.0.0/8</c>) of proxies whose X-Forwarded-For and -Proto are believed.
    /// </summary>
    public string[] TrustedProxies { get; init; } = [];

    /// <summary>How long running requests and connections get to end after a stop signal. Seconds.</summary>
    [Range(1, 300)] public int ShutdownSeconds { get; init; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var text in AllowedOrigins.Where(text => !IsOrigin(text)))
        {
            yield return new(
                $"Host:AllowedOrigins: '{text}' is not an origin. Write https://a.example:8443.");
        }

        foreach (var text in TrustedProxies.Where(text => !IsAddressOrNetwork(text)))
        {
            yield return new(
                $"Host:TrustedProxies: '{text}' is neither an address nor a network. Write 10.0.0.7 or 10.0.0.0/8.");
        }
    }

    private static bool IsAddressOrNetwork(string text) =>
        IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
