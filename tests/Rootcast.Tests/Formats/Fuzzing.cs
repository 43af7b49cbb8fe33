namespace Rootcast.Tests;

/// <summary>Feeds a reader with mutated bytes. The seed is fixed, so that a failure comes again.</summary>
internal static class Fuzzing
{
    /// <summary>Calls the reader with so many mutations of a sample; only refusals (<see cref="InvalidDataException"/>, end of stream) are allowed.</summary>
    public static void Mutate(int inputs, byte[] sample, Action<byte[]> read, int seed = 1)
    {
        Random random = new(seed);
        for (int i = 0; i < inputs; i++)
        {
            byte[] input = Mutated(sample, random);
            try
            {
                read(input);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                // Refused: that is what it is for.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"input {i} of seed {seed}: {e.GetType().Name}: {e.Message}\n{Convert.ToHexString(input)}",
                    e
                );
            }
        }
    }

    /// <summary>One to eight changes: flipped bits, interesting bytes, cuts, repeated or removed parts.</summary>
    public static byte[] Mutated(byte[] sample, Random random)
    {
        List<byte> bytes = [.. sample];
        for (int change = random.Next(1, 9); change > 0 && bytes.Count > 0; change--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 65), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = new byte[] { 0, 1, 0x7f, 0x80, 0xff, (byte)'0', (byte)'f', (byte)' ', (byte)'\n' }[random.Next(9)];
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 5:
                    for (int i = at; i < at + length; i++)
                    {
                        bytes[i] = 0xff;
                    }
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }
}
