using Microsoft.Extensions.DependencyInjection.Extensions;
using Parley.Server.Accounts.Tokens;
using Parley.Server.Kernel;

namespace Parley.Server.Accounts;

// Accounts knows the people, their devices and their sessions. It proves who asks: passwords, tokens, tickets, and
// whether a session is still valid, for every request and every hub call. It is the only room that sees a password or a
// token. It never stores a secret it could derive or hash, never says which part of a sign-in was wrong, and never lets
// a session outlive its account: what ends here is told to every node (SessionChanges).
internal static class AccountsModule
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountsOptions>()
            .BindConfiguration("Accounts").ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IChance, SystemChance>();
        services.AddSingleton<SigningKeys>();
        services.AddHostedService<KeysAtStart>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<LiveTickets>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<SignInCounter>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SessionChanges>();
        services.AddSingleton<SessionWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionWatch>());
        services.AddSingleton<NewSession>();
        services.AddSingleton<NewAccount>();
        services.AddSingleton<AdministerAccount>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<Refresh>();
        services.AddSingleton<SignOut>();
        services.AddSingleton<IssueLiveTicket>();
        services.AddSingleton<GetMe>();
        services.AddSingleton<ListDevices>();
        services.AddSingleton<RevokeDevice>();
        services.AddSingleton<ChangePassword>();
        services.AddSingleton<UseResetLink>();
        services.AddSingleton<GetPeople>();
        services.AddSingleton<ListPeople>();
        services.AddSingleton<CreateAccount>();
        services.AddSingleton<DeactivateAccount>();
        services.AddSingleton<ReactivateAccount>();
        services.AddSingleton<ChangeRole>();
        services.AddSingleton<ChangeProfile>();
        services.AddSingleton<MakeResetLink>();
        services.AddSingleton<ListAttributes>();
        services.AddSingleton<DefineAttributes>();
        return services;
    }

    /// <param name="api">The group at <c>/api/v1</c>.</param>
    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        AccountsEndpoints.MapSignIn(api);
        AccountsEndpoints.MapMe(api);
        AccountsEndpoints.MapPeople(api);
        AccountsEndpoints.MapAdministration(api);
    }
}
