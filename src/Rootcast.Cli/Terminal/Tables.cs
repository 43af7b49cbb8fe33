using Spectre.Console;

namespace Rootcast.Cli.Terminal;

/// <summary>How our tables look.</summary>
internal static class Tables
{
    /// <summary>Columns with a line under their titles.</summary>
    public static Table Plain(params string[] columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        }
        return table;
    }
}
