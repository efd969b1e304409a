using Microsoft.Extensions.Options;

namespace Parley.Server.Outbox;

/// <summary>Who does which kind, and how often it may be tried.</summary>
internal sealed class OutboxHandlers(IEnumerable<IOutboxHandler> handlers, IOptions<OutboxOptions> options)
{
    private readonly Dictionary<string, IOutboxHandler> _byKind = handlers.ToDictionary(handler => handler.Kind);

    /// <summary>
    /// What this process can do. Entries of another kind wait for a process that can: a newer release.
    /// </summary>
    public IReadOnlyCollection<string> Kinds => _byKind.Keys;

    public IOutboxHandler Of(string kind) => _byKind[kind];

    /// <summary>The operator's word for the kind, else the kind's own, else the operator's default.</summary>
    public int AttemptsMaxOf(string kind) =>
        options.Value.AttemptsMaxByKind.TryGetValue(kind, out var configured)
            ? configured
            : Of(kind).AttemptsMax ?? options.Value.AttemptsMax;
}
