using Parley.Server.Storage;

namespace Parley.Simulation.Checks;

/// <summary>
/// Triggers that write down what transactions really do, whatever the code above them believes. They are part of each
/// transaction: what is rolled back leaves no trace.
/// </summary>
internal static class Audit
{
    public const string Sql = """
        CREATE TABLE audit (
            row INTEGER PRIMARY KEY, kind TEXT, conversation_id BLOB, subject BLOB, author BLOB, number INTEGER,
            seq INTEGER, head INTEGER, body TEXT, version INTEGER, ended_at INTEGER, delivered INTEGER, read INTEGER
        );
        CREATE TRIGGER audit_message AFTER INSERT ON message BEGIN
            INSERT INTO audit VALUES (NULL, 'message', NEW.conversation_id, NEW.id, NEW.author_id, NEW.number,
                coalesce(NEW.changed_seq, NEW.seq), 0, NEW.body, NEW.version, NEW.removed_at, 0, 0);
        END;
        CREATE TRIGGER audit_message_moved AFTER UPDATE ON message BEGIN
            INSERT INTO audit VALUES (NULL, 'message', NEW.conversation_id, NEW.id, NEW.author_id, NEW.number,
                coalesce(NEW.changed_seq, NEW.seq), 0, NEW.body, NEW.version, NEW.removed_at, 0, 0);
        END;
        CREATE TRIGGER audit_membership AFTER INSERT ON membership BEGIN
            INSERT INTO audit VALUES (NULL, 'membership', NEW.conversation_id, NEW.account_id, NULL, NEW.joined_number,
                NEW.changed_seq, 0, NULL, NEW.visible_after, NEW.left_at, NEW.delivered_number, NEW.read_number);
        END;
        CREATE TRIGGER audit_membership_moved AFTER UPDATE ON membership BEGIN
            INSERT INTO audit VALUES (NULL, 'membership', NEW.conversation_id, NEW.account_id, NULL, NEW.joined_number,
                NEW.changed_seq, 0, NULL, NEW.visible_after, NEW.left_at, NEW.delivered_number, NEW.read_number);
        END;
        CREATE TRIGGER audit_conversation AFTER UPDATE ON conversation BEGIN
            INSERT INTO audit VALUES (NULL, 'conversation', NEW.id, NEW.id, NULL, NEW.head_number, NEW.changed_seq,
                NEW.head_seq, NULL, 0, NULL, 0, NEW.receipt_seq);
        END;
        """;

    /// <summary>What this transaction wrote.</summary>
    public static Task<IReadOnlyList<AuditRow>> TakeAsync(Snapshot turn, long after) => turn.QueryAsync<AuditRow>("""
        SELECT row, kind, conversation_id, subject, author, number, seq, head, body, version, ended_at, delivered, read
        FROM audit
        WHERE row > @after
        ORDER BY row
        """, new { after });
}
