using System.Text;

namespace Rootcast.Protocols.Dns;

/// <summary>A DNS message as text.</summary>
public static class DnsDump
{
    /// <summary>A line for the header, one for the question, one for each answer.</summary>
    public static string Text(DnsMessage message)
    {
        StringBuilder text = new();
        string truncated = message.IsTruncated ? " truncated" : "";
        text.Append($"{(message.IsResponse ? "response" : "query")} {message.Id:x4} {message.ResponseCode}{truncated}\n");
        text.Append($"question {message.QuestionName ?? "-"} {message.QuestionType}\n");
        foreach (DnsRecord record in message.Answers)
        {
            string value = record.Address?.ToString() ?? record.Target ?? "-";
            text.Append($"answer {record.Name} {record.SecondsToLive} {record.Type} {value}\n");
        }
        return text.ToString();
    }
}
