using System.CommandLine;
using Parley.Cli;

var parley = new RootCommand("Parley: conversations that cannot get lost.")
{
    ServeCommand.Build(),
    MigrateCommand.Build(),
    UserCommand.Build(),
    OpenApiCommand.Build(),
};

return await parley.Parse(args).InvokeAsync();
