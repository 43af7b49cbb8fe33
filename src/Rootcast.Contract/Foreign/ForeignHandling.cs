namespace Rootcast.Contract.Foreign;

/// <summary>What init makes of a parameter that was not made for it.</summary>
public enum ForeignHandling
{
    /// <summary>It does what the parameter asks for.</summary>
    Honoured,

    /// <summary>There is nothing to do: init is so anyway, or has not got what the parameter is about.</summary>
    Needless,

    /// <summary>It can't, and says so on the screen; unless the parameter switches something off.</summary>
    Refused,
}
