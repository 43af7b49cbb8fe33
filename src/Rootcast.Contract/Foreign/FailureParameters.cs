using System.Globalization;

namespace Rootcast.Contract.Foreign;

/// <summary>Shells on the way, what happens after a failure, and how long is waited.</summary>
internal static class FailureParameters
{
    public static void Translate(ForeignLine line)
    {
        if (line.On("rd.break", "break") is { } stop)
        {
            bool late = stop.Argument.Is("rd.break")
                ? stop.Value is "" or "1" or "pre-pivot" or "cleanup"
                : stop.Value is "bottom" or "init";
            line.Emit(stop.Text, "rootcast.rescue", late ? "handover" : null);
        }
        if (line.On("rd.shell") is { } shell)
        {
            line.Emit(shell.Text, "rootcast.onfail", "shell");
        }
        if (line.Last("rd.emergency") is { } emergency)
        {
            if (emergency.Value is "reboot" or "halt" or "poweroff")
            {
                line.Emit(emergency.Text, "rootcast.onfail", emergency.Value == "reboot" ? "reboot" : "halt");
            }
            else
            {
                line.Refuse(emergency, "it is none of reboot, poweroff, halt");
            }
        }
        if (line.Last("rd.timeout", "rootdelay") is { } wait)
        {
            // dracut waits for ever by 0.
            const int longest = 86_400;
            if (int.TryParse(wait.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= longest)
            {
                line.Emit(wait.Text, "rootcast.timeout", (seconds == 0 ? longest : seconds).ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                line.Refuse(wait, "it is no number of seconds");
            }
        }
    }
}
