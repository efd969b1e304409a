using System.CommandLine;
using Parley.Cli;
using Parley.Cli.Chat;

var parley = new RootCommand("Parley: conversations that cannot get lost.")
{
    ServeCommand.Build(),
    MigrateCommand.Build(),
    UserCommand.Build(),
    ChatCommand.Build(),
    OpenApiCommand.Build(),
};

return await parley.Parse(args).InvokeAsync();
