using Parley.Contract;
using Parley.Server.Kernel;

namespace Parley.Server.Accounts;

/// <summary>The routes of this room: one line each.</summary>
internal static class AccountsEndpoints
{
    public static void MapSignIn(IEndpointRouteBuilder api)
    {
        var auth = api.MapGroup("/auth").WithTags("Signing in");
        auth.MapPost("/sign-in", (SignInRequest request, SignIn verb, CancellationToken cancel) =>
            verb.RunAsync(request, cancel).ToResultAsync())
            .AllowAnonymous().Produces<SignedIn>().WithName("SignIn");
        auth.MapPost("/refresh", (RefreshRequest request, Refresh verb, CancellationToken cancel) =>
            verb.RunAsync(request, cancel).ToResultAsync())
            .AllowAnonymous().Produces<SignedIn>().WithName("Refresh");
        auth.MapPost("/reset", (UseResetLinkRequest request, UseResetLink verb, CancellationToken cancel) =>
            verb.RunAsync(request, cancel).ToResultAsync())
            .AllowAnonymous().Produces(StatusCodes.Status204NoContent).WithName("UseResetLink");
        auth.MapPost("/sign-out", (Caller caller, SignOut verb, CancellationToken cancel) =>
            verb.RunAsync(caller, cancel).ToResultAsync())
            .Produces(StatusCodes.Status204NoContent).WithName("SignOut");
        api.MapPost("/live/ticket", (Caller caller, IssueLiveTicket verb) => verb.RunAsync(caller).ToResultAsync())
            .WithTags("Signing in").Produces<LiveTicket>().WithName("IssueLiveTicket");
    }

    public static void MapMe(IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Me");
        me.MapGet("/", (Caller caller, GetMe verb, CancellationToken cancel) =>
            verb.RunAsync(caller, cancel).ToResultAsync())
            .Produces<MyAccount>().WithName("GetMe");
        me.MapGet("/devices", (Caller caller, ListDevices verb, CancellationToken cancel) =>
            verb.RunAsync(caller, cancel).ToResultAsync())
            .Produces<Devices>().WithName("ListDevices");
        me.MapDelete("/devices/{id:guid}", (Guid id, Caller caller, RevokeDevice verb, CancellationToken cancel) =>
            verb.RunAsync(caller, new(id), cancel).ToResultAsync())
            .Produces(StatusCodes.Status204NoContent).WithName("RevokeDevice");
        me.MapPost("/password",
            (ChangePasswordRequest request, Caller caller, ChangePassword verb, CancellationToken cancel) =>
            verb.RunAsync(caller, request, cancel).ToResultAsync())
            .Produces(StatusCodes.Status204NoContent).WithName("ChangePassword");
    }

    public static void MapPeople(IEndpointRouteBuilder api)
    {
        var people = api.MapGroup("/people").WithTags("People");
        people.MapGet(
            "/", (string? filter, string? after, int? take, Caller caller, ListPeople verb, CancellationToken cancel) =>
            verb.RunAsync(caller, filter, after, take, cancel).ToResultAsync())
            .Produces<PeoplePage>().WithName("ListPeople");
        people.MapPost("/lookup", (GetPeopleRequest request, Caller caller, GetPeople verb, CancellationToken cancel) =>
            verb.RunAsync(caller, request, cancel).ToResultAsync())
            .Produces<People>().WithName("GetPeople");
        api.MapGet("/attributes", (ListAttributes verb, CancellationToken cancel) =>
            verb.RunAsync(cancel).ToResultAsync())
            .WithTags("People").Produces<AttributeDefinitions>().WithName("ListAttributes");
    }

    public static void MapAdministration(IEndpointRouteBuilder api)
    {
        var accounts = api.MapGroup("/accounts").WithTags("Administration");
        accounts.MapGet(
            "/", (string? filter, string? after, int? take, Caller caller, ListPeople verb, CancellationToken cancel) =>
            verb.RunForAdministratorAsync(caller, filter, after, take, cancel).ToResultAsync())
            .Produces<PeoplePage>().WithName("ListAccounts");
        accounts.MapPost(
            "/", (CreateAccountRequest request, Caller caller, CreateAccount verb, CancellationToken cancel) =>
            verb.RunAsync(caller, request, cancel).ToResultAsync())
            .Produces<AccountCreated>().WithName("CreateAccount");
        accounts.MapPatch("/{id:guid}",
            (Guid id, ChangeProfileRequest request, Caller caller, ChangeProfile verb, CancellationToken cancel) =>
            verb.RunAsync(caller, new(id), request, cancel).ToResultAsync())
            .Produces<Person>().WithName("ChangeProfile");
        accounts.MapPut("/{id:guid}/role",
            (Guid id, ChangeRoleRequest request, Caller caller, ChangeRole verb, CancellationToken cancel) =>
            verb.RunAsync(caller, new(id), request, cancel).ToResultAsync())
            .Produces<Person>().WithName("ChangeRole");
        accounts.MapPost(
            "/{id:guid}/deactivate", (Guid id, Caller caller, DeactivateAccount verb, CancellationToken cancel) =>
            verb.RunAsync(caller, new(id), cancel).ToResultAsync())
            .Produces<Person>().WithName("DeactivateAccount");
        accounts.MapPost(
            "/{id:guid}/reactivate", (Guid id, Caller caller, ReactivateAccount verb, CancellationToken cancel) =>
            verb.RunAsync(caller, new(id), cancel).ToResultAsync())
            .Produces<Person>().WithName("ReactivateAccount");
        accounts.MapPost(
            "/{id:guid}/reset-link", (Guid id, Caller caller, MakeResetLink verb, CancellationToken cancel) =>
            verb.RunAsync(caller, new(id), cancel).ToResultAsync())
            .Produces<ResetLink>().WithName("MakeResetLink");
        api.MapPut("/attributes",
            (AttributeDefinitions request, Caller caller, DefineAttributes verb, CancellationToken cancel) =>
            verb.RunAsync(caller, request, cancel).ToResultAsync())
            .WithTags("Administration").Produces<AttributeDefinitions>().WithName("DefineAttributes");
    }
}
