namespace Parley.Server.Host;

/// <summary>
/// Logs on the console: one JSON object a line in production, readable in development. Requirement OPS-09.
/// </summary>
internal static class Logging
{
    public static void AddConsoleLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        }
        else
        {
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }

        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // It writes URLs with their query, where a ticket is. Said last and exactly, so no configuration brings it
        // back.
        builder.Services.PostConfigure<LoggerFilterOptions>(options => options.Rules.Add(
            new(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning, null)));
    }
}
