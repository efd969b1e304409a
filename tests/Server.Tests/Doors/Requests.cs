using System.Net.Http.Json;
using Parley.Contract;

namespace Parley.Server.Tests.Doors;

/// <summary>What each row of the authorisation matrix asks for in a scene.</summary>
internal static class Requests
{
    public static readonly IReadOnlyDictionary<string, Func<Door, Scene, Task<Asked>>> OfVerbs =
        new Dictionary<string, Func<Door, Scene, Task<Asked>>>
        {
            ["Send"] = On(Verbs.Send, s => new(new(Guid.NewGuid()), s.Conversation, "hello")),
            ["Edit"] = On(Verbs.Edit, s => new(s.Conversation, s.Message, "changed", null)),
            ["Remove"] = On(Verbs.Remove, s => new(s.Conversation, s.Message)),
            ["History"] = On(Verbs.History, s => new(s.Conversation, HistoryDirection.Before, null, null)),
            ["AdvanceReceipts"] = On(Verbs.AdvanceReceipts, s => new(s.Conversation, 1, 1)),
            ["MessageReceipts"] = On(Verbs.MessageReceipts, s => new(s.Conversation, 1)),
            ["Sync"] = On(Verbs.Sync, s => new(null, 0, [new(s.Conversation, 0, 0)])),
            ["Changes"] = On(Verbs.Changes, s => new(s.Conversation, 0)),
            ["OpenDirect"] = On(Verbs.OpenDirect, s => new(s.Person)),
            ["CreateGroup"] = On(Verbs.CreateGroup, s => new(new(Guid.NewGuid()), "Band", [s.Person], null)),
            ["AddMembers"] = On(Verbs.AddMembers, s => new(s.Conversation, [s.Newcomer])),
            ["RemoveMember"] = On(Verbs.RemoveMember, s => new(s.Conversation, s.Person)),
            ["SetMemberRole"] = On(Verbs.SetMemberRole, s => new(s.Conversation, s.Person, MembershipRole.Member)),
            ["RenameGroup"] = On(Verbs.RenameGroup, s => new(s.Conversation, "Orchestra")),
            ["SetArchived"] = On(Verbs.SetArchived, s => new(s.Conversation, true)),
            ["Members"] = On(Verbs.Members, s => new(s.Conversation, null)),
            ["People"] = On(Verbs.People, s => new([s.Person])),
            ["Typing"] = On(Verbs.Typing, s => new(s.Conversation, true)),
            ["WatchPresence"] = On(Verbs.WatchPresence, s => new([s.Person])),
            ["SetSettings"] = On(Verbs.SetSettings, _ => new(PresenceChoice.Busy, null, null)),
        };

    public static HttpRequestMessage OfRoute(string row, Scene s) => row switch
    {
        "POST /api/v1/auth/sign-out" => Ask(row),
        "POST /api/v1/live/ticket" => Ask(row),
        "GET /api/v1/me" => Ask(row),
        "GET /api/v1/me/settings" => Ask(row),
        "GET /api/v1/me/devices" => Ask(row),
        "DELETE /api/v1/me/devices/{id:guid}" => Ask($"DELETE /api/v1/me/devices/{s.Device}"),
        "POST /api/v1/me/password" => Ask(row, new ChangePasswordRequest("not mine", "four unrelated words here")),
        "GET /api/v1/people" => Ask($"{row}?filter={s.Person}"),
        "GET /api/v1/people/{handle}/messages" => Ask($"GET /api/v1/people/{s.Handle}/messages"),
        "GET /api/v1/people/{handle}/messages/older" => Ask($"GET /api/v1/people/{s.Handle}/messages/older?before=9"),
        "POST /api/v1/people/{handle}/messages" => Ask($"POST /api/v1/people/{s.Handle}/messages", Hello()),
        "GET /api/v1/people/{handle}/messages/queue" => Ask($"GET /api/v1/people/{s.Handle}/messages/queue"),
        "POST /api/v1/people/{handle}/messages/queue" => Ask($"POST /api/v1/people/{s.Handle}/messages/queue", Hello()),
        "GET /api/v1/attributes" => Ask(row),
        "PUT /api/v1/attributes" => Ask(row, new AttributeDefinitions([])),
        "GET /api/v1/accounts" => Ask(row),
        "POST /api/v1/accounts" => Ask(
            row, new CreateAccountRequest("new-" + Guid.NewGuid().ToString("N")[..8], "New", Role.Member, null)),
        "PATCH /api/v1/accounts/{id:guid}" => Ask(
            $"PATCH /api/v1/accounts/{s.Person}", new ChangeProfileRequest("Renamed", null)),
        "PUT /api/v1/accounts/{id:guid}/role" => Ask(
            $"PUT /api/v1/accounts/{s.Person}/role", new ChangeRoleRequest(Role.Administrator)),
        "POST /api/v1/accounts/{id:guid}/deactivate" => Ask($"POST /api/v1/accounts/{s.Person}/deactivate"),
        "POST /api/v1/accounts/{id:guid}/reactivate" => Ask($"POST /api/v1/accounts/{s.Person}/reactivate"),
        "POST /api/v1/accounts/{id:guid}/reset-link" => Ask($"POST /api/v1/accounts/{s.Person}/reset-link"),
        _ => throw new ArgumentException($"{row}: say here what to ask of it.", nameof(row)),
    };

    /// <summary>Lists answer everybody; the question is whether the one asked for is in it.</summary>
    public static string Shows(string row, Scene scene, string answer) => row switch
    {
        "People" or "WatchPresence" => Shows(answer, $"{scene.Person}"),
        "Sync" => Shows(answer, $"\"joined\":[{{\"conversation\":{{\"id\":\"{scene.Conversation}\""),
        _ => "ok",
    };

    private static string Shows(string answer, string part) =>
        answer.Contains(part, StringComparison.Ordinal) ? "ok" : "hidden";

    private static SendBody Hello() => new(new(Guid.NewGuid()), "hello");

    private static HttpRequestMessage Ask(string methodAndPath, object? body = null)
    {
        var parts = methodAndPath.Split(' ', 2);
        return new(new(parts[0]), parts[1])
        {
            Content = body is null ? null : JsonContent.Create(body, body.GetType(), null, WireJson.Options),
        };
    }

    private static Func<Door, Scene, Task<Asked>> On<TRequest, TAnswer>(
        Verb<TRequest, TAnswer> verb, Func<Scene, TRequest> request) where TAnswer : class =>
        async (door, scene) =>
        {
            var answer = await door.AskAsync(verb, request(scene));
            return new(answer.Refusal, answer.Json);
        };

    internal sealed record Asked(Refusal? Refusal, string Json);
}
