namespace Rootcast.Formats.Iso9660;

/// <summary>The records of a directory.</summary>
public static class IsoDirectory
{
    private const int LeastRecord = IsoLayout.RecordName + 1;

    /// <summary>Reads them, the directory's own and its parent's first.</summary>
    /// <param name="extent">The directory's data, whole blocks.</param>
    /// <param name="skip"><see cref="IsoRecord.Skip"/> of the root's own record; 0 while that is read.</param>
    /// <param name="continuation">Fetches what does not fit into a record.</param>
    /// <exception cref="InvalidDataException">A record cannot be.</exception>
    public static IReadOnlyList<IsoRecord> Read(ReadOnlySpan<byte> extent, int skip, IsoContinuation continuation)
    {
        List<IsoRecord> records = [];
        for (int at = 0; at + LeastRecord <= extent.Length; )
        {
            int length = extent[at + IsoLayout.RecordLength];
            if (length == 0)
            {
                // No record goes over the end of a sector; the rest of it is empty.
                at = (at / IsoLayout.Sector + 1) * IsoLayout.Sector;
                continue;
            }
            if (length < LeastRecord || at + length > extent.Length)
            {
                throw new InvalidDataException($"iso9660: a record of {length} bytes at byte {at} of its directory cannot be");
            }
            records.Add(IsoRecord.Read(extent.Slice(at, length), skip, continuation));
            at += length;
        }
        return records;
    }
}
