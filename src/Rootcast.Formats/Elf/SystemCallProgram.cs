using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Elf;

/// <summary>
/// Makes a static program for Linux on x86-64 out of system calls whose arguments are known beforehand. It is for what must take no memory: the file is
/// smaller than a page, the smallest compiled program takes hundreds. Instructions by Intel's manual, volume 2; calls by syscall(2).
/// </summary>
public sealed class SystemCallProgram
{
    private const uint CodeAddress = 0x40_0000;
    private const uint DataAddress = 0x60_0000;
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;
    private const int CodeAt = HeaderLength + (2 * SegmentLength);
    private const int DataAt = 1024;

    private readonly List<byte> code = [];
    private readonly List<byte> data = [];

    /// <summary>Starts with the program's first argument in rbx; a null pointer when it has none.</summary>
    public SystemCallProgram() => Emit(0x48, 0x8B, 0x5C, 0x24, 0x10); // mov rbx, [rsp+16]

    /// <summary>Puts bytes where the program may read and write them.</summary>
    /// <returns>Their address.</returns>
    public uint Data(ReadOnlySpan<byte> bytes)
    {
        uint address = DataAddress + DataAt + (uint)data.Count;
        data.AddRange(bytes);
        return address;
    }

    /// <summary>Puts a text with a NUL behind it.</summary>
    /// <returns>Its address.</returns>
    public uint Text(string text) => Data(Encoding.UTF8.GetBytes(text + "\0"));

    /// <summary>A system call.</summary>
    /// <param name="number">Its number in asm/unistd_64.h.</param>
    /// <param name="first">Its arguments; a call reads as many as it has.</param>
    /// <param name="second">See <paramref name="first"/>.</param>
    /// <param name="third">See <paramref name="first"/>.</param>
    public void Call(uint number, uint first = 0, uint second = 0, uint third = 0)
    {
        Emit32([0xBF], first); // mov edi, first
        FinishCall(number, second, third);
    }

    /// <summary>A system call whose first argument is what the one before returned: a descriptor.</summary>
    public void CallOnResult(uint number, uint second, uint third)
    {
        Emit(0x89, 0xC7); // mov edi, eax
        FinishCall(number, second, third);
    }

    /// <summary>A system call whose third argument is what <see cref="Choose"/> chose.</summary>
    public void CallWithChoice(uint number, uint first, uint second)
    {
        Emit32([0xBF], first);
        Emit32([0xBE], second); // mov esi, second
        Emit(0x44, 0x89, 0xEA); // mov edx, r13d
        Emit32([0xB8], number); // mov eax, number
        Emit(0x0F, 0x05); // syscall
    }

    /// <summary>Keeps what the last call returned for <see cref="WhenKeptIsZero"/>.</summary>
    public void Keep() => Emit(0x49, 0x89, 0xC4); // mov r12, rax

    /// <summary>Does one thing when the call that was kept succeeded (returned zero), else another.</summary>
    public void WhenKeptIsZero(Action then, Action otherwise)
    {
        Emit(0x4D, 0x85, 0xE4); // test r12, r12
        int toOtherwise = Jump(0x75); // jnz
        then();
        int toEnd = Jump(0xEB); // jmp
        Land(toOtherwise);
        otherwise();
        Land(toEnd);
    }

    /// <summary>Chooses a number by the first letter of the program's first argument.</summary>
    /// <param name="otherwise">When there is no argument, or it begins with none of the letters.</param>
    /// <param name="choices">ASCII letters and their numbers.</param>
    public void Choose(uint otherwise, params ReadOnlySpan<(char Letter, uint Number)> choices)
    {
        Emit32([0x41, 0xBD], otherwise); // mov r13d, otherwise
        Emit(0x48, 0x85, 0xDB); // test rbx, rbx
        int withoutArgument = Jump(0x74); // jz
        Emit(0x8A, 0x03); // mov al, [rbx]
        foreach ((char letter, uint number) in choices)
        {
            Emit(0x3C, (byte)letter); // cmp al, letter
            int another = Jump(0x75);
            Emit32([0x41, 0xBD], number);
            Land(another);
        }
        Land(withoutArgument);
    }

    /// <summary>Does it so many times.</summary>
    public void Repeat(uint times, Action body)
    {
        Emit32([0x41, 0xBE], times); // mov r14d, times
        int start = code.Count;
        body();
        Emit(0x41, 0xFF, 0xCE); // dec r14d
        Emit(0x75, unchecked((byte)checked((sbyte)(start - (code.Count + 2))))); // jnz start
    }

    /// <summary>Makes the last call again and again: a program that may not end.</summary>
    public void Forever(uint number)
    {
        int start = code.Count;
        Call(number);
        Emit(0xEB, unchecked((byte)(sbyte)(start - (code.Count + 2)))); // jmp start
    }

    /// <summary>The executable file. Code can't be written to and data can't be executed: the same page of the file is mapped twice.</summary>
    /// <exception cref="InvalidOperationException">The program has grown over its bounds.</exception>
    public byte[] ToFile()
    {
        if (CodeAt + code.Count > DataAt)
        {
            throw new InvalidOperationException($"{code.Count} bytes of code, {DataAt - CodeAt} have a place");
        }
        byte[] file = new byte[DataAt + data.Count];
        // ELFCLASS64, ELFDATA2LSB, EV_CURRENT; then ET_EXEC, EM_X86_64, EV_CURRENT (System V gABI, chapter 4).
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        Put16(16, 2);
        Put16(18, 62);
        Put32(20, 1);
        Put32(24, CodeAddress + CodeAt);
        Put32(32, HeaderLength);
        Put16(52, HeaderLength);
        Put16(54, SegmentLength);
        Put16(56, 2);
        const uint readAndExecute = 5;
        const uint readAndWrite = 6;
        PutSegment(HeaderLength, readAndExecute, CodeAddress);
        PutSegment(HeaderLength + SegmentLength, readAndWrite, DataAddress);
        code.CopyTo(file, CodeAt);
        data.CopyTo(file, DataAt);
        return file;

        void PutSegment(int at, uint flags, uint address)
        {
            Put32(at, ElfLayout.SegmentLoad);
            Put32(at + 4, flags);
            Put32(at + 16, address);
            Put32(at + 24, address);
            Put32(at + 32, (uint)file.Length);
            Put32(at + 40, (uint)file.Length);
            Put32(at + 48, 4096);
        }

        void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

        void Put32(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
    }

    private void FinishCall(uint number, uint second, uint third)
    {
        Emit32([0xBE], second); // mov esi, second
        Emit32([0xBA], third); // mov edx, third
        Emit32([0xB8], number); // mov eax, number
        Emit(0x0F, 0x05); // syscall
    }

    /// <returns>Where the distance stands, for <see cref="Land"/>.</returns>
    private int Jump(byte operation)
    {
        Emit(operation, 0);
        return code.Count - 1;
    }

    private void Land(int jump) => code[jump] = checked((byte)(sbyte)(code.Count - (jump + 1)));

    private void Emit(params ReadOnlySpan<byte> bytes) => code.AddRange(bytes);

    private void Emit32(ReadOnlySpan<byte> operation, uint value)
    {
        Emit(operation);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Emit(bytes);
    }
}
