using System.Globalization;
using System.Text;

namespace Parley.Load.Sockets;

/// <summary>An HTTP/1.1 answer, as far as opening a connection needs it.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body, with the marks of chunks still in it.</param>
/// <param name="Length">Bytes of the whole answer.</param>
internal sealed record HttpAnswer(int Status, string Body, int Length)
{
    /// <summary>Reads the answer at the front; false when it is not complete yet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out HttpAnswer answer)
    {
        answer = null!; // Never read when the result is false.
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return false;

        var text = Encoding.ASCII.GetString(bytes[..head]);
        var status = int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var length = status == 101 ? 0 : BodyLength(text, bytes[(head + 4)..]);
        if (length < 0 || bytes.Length < head + 4 + length)
            return false;

        answer = new(status, Encoding.UTF8.GetString(bytes.Slice(head + 4, length)), head + 4 + length);
        return true;
    }

    /// <summary>The text of a JSON member that holds no escapes.</summary>
    public string Text(string member)
    {
        var mark = $"\"{member}\":\"";
        var start = Body.IndexOf(mark, StringComparison.Ordinal);
        return start < 0
            ? throw new InvalidOperationException($"No {member} in {Body}")
            : Body[(start + mark.Length)..Body.IndexOf('"', start + mark.Length)];
    }

    private static int BodyLength(string head, ReadOnlySpan<byte> body)
    {
        const string mark = "\r\nContent-Length: ";
        var start = head.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
        if (start >= 0)
        {
            var value = head.AsSpan(start + mark.Length);
            var end = value.IndexOf('\r');
            return int.Parse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture);
        }

        if (!head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
            return 0;

        var last = body.IndexOf("0\r\n\r\n"u8);
        return last < 0 ? -1 : last + 5;
    }
}
