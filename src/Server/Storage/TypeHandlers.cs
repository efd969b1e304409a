using System.Data;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Npgsql;
using Parley.Contract;

namespace Parley.Server.Storage;

/// <summary>How our types stand in columns: ids as UUIDs, times as milliseconds, enums as camel-case words.</summary>
internal static class TypeHandlers
{
#pragma warning disable CA2255 // Dapper keeps handlers in a static; they must be there before the first query.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new InstantHandler());
        SqlMapper.AddTypeHandler(new IdHandler<AccountId>());
        SqlMapper.AddTypeHandler(new IdHandler<ConversationId>());
        SqlMapper.AddTypeHandler(new IdHandler<MessageId>());
        SqlMapper.AddTypeHandler(new IdHandler<DeviceId>());
        SqlMapper.AddTypeHandler(new AttributesHandler());
    }

    /// <summary>The word an enum stands for in a column. Dapper reads it back without a handler, in any case.</summary>
    public static string Word<TEnum>(this TEnum value) where TEnum : struct, Enum =>
        JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static byte[] ToBytes(this Guid value) => value.ToByteArray(bigEndian: true);

    private sealed class IdHandler<TId> : SqlMapper.TypeHandler<TId> where TId : struct, IId<TId>
    {
        public override void SetValue(IDbDataParameter parameter, TId value) =>
            parameter.Value = parameter is NpgsqlParameter ? value.Value : value.Value.ToBytes();

        public override TId Parse(object value) =>
            TId.From(value is Guid guid ? guid : new Guid((byte[])value, bigEndian: true));
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            parameter.DbType = DbType.Int64;
            parameter.Value = value.ToUnixTimeMilliseconds();
        }

        public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);
    }

    private sealed class AttributesHandler : SqlMapper.TypeHandler<IReadOnlyDictionary<string, string>>
    {
        public override void SetValue(IDbDataParameter parameter, IReadOnlyDictionary<string, string>? value) =>
            parameter.Value = JsonSerializer.Serialize(value);

        public override IReadOnlyDictionary<string, string> Parse(object value) =>
            JsonSerializer.Deserialize<Dictionary<string, string>>((string)value)!;
    }
}
