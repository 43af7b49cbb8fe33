using System.Net;

namespace Rootcast.Server.Http;

/// <summary>A request that has been answered, as far as its client took the answer.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="Method">As it was asked.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Status">HTTP's status.</param>
/// <param name="Bytes">Of content, given to the connection.</param>
/// <param name="Time">From the request's head to the answer's end.</param>
public readonly record struct AnsweredRequest(IPAddress Client, string Method, string Target, int Status, long Bytes, TimeSpan Time);
