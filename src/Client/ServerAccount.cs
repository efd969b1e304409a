namespace Parley.Client;

/// <summary>One account on one real server: its session, its way in, and what is open on disk for it.</summary>
internal sealed class ServerAccount(Session session, ServerTransport transport, HttpClient http, IDisposable? outbox)
    : IDisposable
{
    public Session Session => session;

    public ServerTransport Transport => transport;

    public void Dispose()
    {
        http.Dispose();
        session.Dispose();
        outbox?.Dispose();
    }
}
