using System.CommandLine;
using Parley.Cli;
using Parley.Cli.Chat;
using Parley.Cli.Queue;

var parley = new RootCommand("Parley: conversations that cannot get lost.")
{
    ServeCommand.Build(),
    MigrateCommand.Build(),
    UserCommand.Build(),
    ChatCommand.Build(),
    QueueCommand.Build(),
    OpenApiCommand.Build(),
};

return await parley.Parse(args).InvokeAsync();
