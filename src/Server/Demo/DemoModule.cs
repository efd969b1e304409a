namespace Parley.Server.Demo;

// Demo makes an empty server worth looking at: a small school with people and some history, through the verbs
// everybody uses. It runs only when asked to (`parley serve --demo`), and never touches a database that has an
// account already.
internal static class DemoModule
{
    public static IServiceCollection AddDemo(this IServiceCollection services) => services
        .AddSingleton<DemoVerbs>()
        .AddSingleton<DemoOrganisation>();
}
