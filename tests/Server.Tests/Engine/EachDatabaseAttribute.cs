using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Parley.Server.Tests.Engine;

/// <summary>Runs a theory once on SQLite and once on PostgreSQL, both real.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachDatabaseAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<string>(Databases.Sqlite), new TheoryDataRow<string>(Databases.Postgres)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
