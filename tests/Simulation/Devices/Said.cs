using Parley.Contract;

namespace Parley.Simulation.Devices;

/// <summary>A message that a person entrusted to a device.</summary>
internal sealed class Said(MessageId id, ConversationId conversation, string body)
{
    public MessageId Id => id;

    public ConversationId ConversationId => conversation;

    public string Body => body;

    /// <summary>The ack, once the device had it.</summary>
    public MessageSent? Ack { get; set; }

    /// <summary>Whether it failed or was asked about: then those after it went on.</summary>
    public bool SteppedAside { get; set; }
}
