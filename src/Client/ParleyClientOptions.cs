namespace Parley.Client;

/// <summary>How an application's client is made.</summary>
public sealed record ParleyClientOptions
{
    /// <summary>The server, such as <c>https://chat.example.org</c>; a path prefix is kept.</summary>
    public required Uri Server { get; init; }

    /// <summary>
    /// Folder for session, cache and outbox of one account, made when absent, open in one program at a time. Null keeps
    /// everything in memory: then what was not yet acknowledged is lost when the process ends.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>What the device is called in the person's list of devices; 1 to 100 characters.</summary>
    public string DeviceName { get; init; } = Environment.MachineName;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Chance, for message ids and jitter.</summary>
    public Random Chance { get; init; } = new();

    /// <summary>Makes HTTP's innermost handler; for proxies and own certificates. Null: the usual one.</summary>
    public Func<HttpMessageHandler>? Handler { get; init; }
}
