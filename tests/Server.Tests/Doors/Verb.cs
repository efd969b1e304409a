namespace Parley.Server.Tests.Doors;

/// <summary>A verb by both its names, written down here independently of server and SDK (rule WR-1).</summary>
/// <param name="Name">The hub's method.</param>
/// <param name="Method">Of HTTP.</param>
/// <param name="Pattern">Of the route, as mapped.</param>
/// <param name="Request">What the hub takes.</param>
/// <param name="Answer">What both answer.</param>
/// <param name="Body">What the route takes as a body; null for none.</param>
internal abstract record Verb(string Name, string Method, string Pattern, Type Request, Type Answer, Type? Body)
{
    public sealed override string ToString() => Name;
}

/// <summary>A verb that can be asked.</summary>
internal sealed record Verb<TRequest, TAnswer>(
    string Name, string Method, string Pattern, Func<TRequest, string> Path, Func<TRequest, object>? BodyOf, Type? Body)
    : Verb(Name, Method, Pattern, typeof(TRequest), typeof(TAnswer), Body)
    where TAnswer : class;
