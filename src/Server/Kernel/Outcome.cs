using Parley.Contract;

namespace Parley.Server.Kernel;

/// <summary>What a verb answers: a value, or an expected "no". Exceptions are kept for bugs and broken
/// infrastructure.</summary>
internal readonly struct Outcome<T> where T : class
{
    private Outcome(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    public T? Value { get; }

    public Refusal? Refusal { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);
}
