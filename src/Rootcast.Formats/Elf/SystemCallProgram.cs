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
    private const int DataAt = 2048;

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

    /// <summary>Puts a list of pointers to texts, with a null pointer behind it, as execve(2) takes them.</summary>
    /// <returns>Its address.</returns>
    public uint Texts(IEnumerable<string> texts)
    {
        uint[] addresses = [.. texts.Select(Text), 0];
        byte[] pointers = new byte[addresses.Length * sizeof(ulong)];
        for (int i = 0; i < addresses.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(pointers.AsSpan(i * sizeof(ulong)), addresses[i]);
        }
        return Data(pointers);
    }

    /// <summary>A system call.</summary>
    /// <param name="number">Its number in asm/unistd_64.h.</param>
    /// <param name="first">Its arguments; a call reads as many as it has.</param>
    /// <param name="second">See <paramref name="first"/>.</param>
    /// <param name="third">See <paramref name="first"/>.</param>
    /// <param name="fourth">See <paramref name="first"/>.</param>
    public void Call(
        uint number,
        CallArgument first = default,
        CallArgument second = default,
        CallArgument third = default,
        CallArgument fourth = default
    )
    {
        // rdi, rsi, rdx, r10 of the x86-64 ABI: the three bits of the register in the instruction, and whether it is one of the upper eight.
        Put(first, 7, upper: false);
        Put(second, 6, upper: false);
        Put(third, 2, upper: false);
        Put(fourth, 2, upper: true);
        Emit32([0xB8], number); // mov eax, number
        Emit(0x0F, 0x05); // syscall
    }

    /// <summary>Keeps what the last call returned for <see cref="WhenKeptIsZero"/> and <see cref="CallArgument.Kept"/>.</summary>
    public void Keep() => Emit(0x49, 0x89, 0xC4); // mov r12, rax

    /// <summary>Does one thing when the call that was kept succeeded (returned zero), else another.</summary>
    public void WhenKeptIsZero(Action then, Action? otherwise = null) => When(0x85, then, otherwise); // jnz

    /// <summary>Does something when the call that was kept did not return zero.</summary>
    public void WhenKeptIsNotZero(Action then) => When(0x84, then, null); // jz

    /// <summary>Does something when the call that was kept did not fail.</summary>
    public void WhenKeptIsGood(Action then) => When(0x88, then, null); // js

    /// <summary>Does something when memory has that byte.</summary>
    /// <param name="address">Where, of <see cref="Data"/>.</param>
    /// <param name="value">Which.</param>
    /// <param name="then">What is done.</param>
    public void WhenByteIs(uint address, char value, Action then)
    {
        Emit32([0x80, 0x3C, 0x25], address); // cmp byte [address], value
        Emit((byte)value);
        int another = Jump(0x0F, 0x85); // jnz
        then();
        Land(another);
    }

    /// <summary>Does something when memory has another number than zero.</summary>
    /// <param name="address">Where its four bytes are, of <see cref="Data"/>.</param>
    /// <param name="then">What is done.</param>
    public void WhenNumberIsNotZero(uint address, Action then)
    {
        Emit32([0x83, 0x3C, 0x25], address); // cmp dword [address], 0
        Emit(0);
        int zero = Jump(0x0F, 0x84); // jz
        then();
        Land(zero);
    }

    /// <summary>Chooses a number by the first letter of the program's first argument.</summary>
    /// <param name="otherwise">When there is no argument, or it begins with none of the letters.</param>
    /// <param name="choices">ASCII letters and their numbers.</param>
    public void Choose(uint otherwise, params ReadOnlySpan<(char Letter, uint Number)> choices)
    {
        Emit32([0x41, 0xBD], otherwise); // mov r13d, otherwise
        Emit(0x48, 0x85, 0xDB); // test rbx, rbx
        int withoutArgument = Jump(0x0F, 0x84); // jz
        Emit(0x8A, 0x03); // mov al, [rbx]
        foreach ((char letter, uint number) in choices)
        {
            Emit(0x3C, (byte)letter); // cmp al, letter
            int another = Jump(0x0F, 0x85); // jnz
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
        const int length = 6;
        Emit32([0x0F, 0x85], unchecked((uint)(start - (code.Count + length)))); // jnz start
    }

    /// <summary>Does it until what it keeps is zero, at most so many times.</summary>
    public void RepeatUntilKeptIsZero(uint times, Action body)
    {
        int succeeded = 0;
        Repeat(
            times,
            () =>
            {
                body();
                TestKept();
                succeeded = Jump(0x0F, 0x84); // jz
            }
        );
        Land(succeeded);
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

    /// <summary>Does one thing unless the flags that r12 has say to jump, else another.</summary>
    private void When(byte jump, Action then, Action? otherwise)
    {
        TestKept();
        int toOtherwise = Jump(0x0F, jump);
        then();
        if (otherwise is null)
        {
            Land(toOtherwise);
            return;
        }
        int toEnd = Jump(0xE9); // jmp
        Land(toOtherwise);
        otherwise();
        Land(toEnd);
    }

    private void TestKept() => Emit(0x4D, 0x85, 0xE4); // test r12, r12

    private void Put(CallArgument argument, byte register, bool upper)
    {
        if (argument.Source == CallArgumentSource.Number)
        {
            if (argument.Number < 0)
            {
                Emit32([(byte)(upper ? 0x49 : 0x48), 0xC7, (byte)(0xC0 | register)], unchecked((uint)argument.Number)); // mov r64, simm32
                return;
            }
            byte[] move = upper ? [0x41, (byte)(0xB8 | register)] : [(byte)(0xB8 | register)];
            Emit32(move, (uint)argument.Number); // mov r32, imm32
            return;
        }
        // mov r64, rax | r12 | r13
        (byte prefix, byte source) = argument.Source switch
        {
            CallArgumentSource.Kept => ((byte)0x4C, (byte)0xE0),
            CallArgumentSource.Choice => ((byte)0x4C, (byte)0xE8),
            _ => ((byte)0x48, (byte)0xC0),
        };
        Emit((byte)(prefix | (upper ? 1 : 0)), 0x89, (byte)(source | register));
    }

    /// <returns>Where the distance stands, for <see cref="Land"/>.</returns>
    private int Jump(params ReadOnlySpan<byte> operation)
    {
        Emit32(operation, 0);
        return code.Count - sizeof(int);
    }

    private void Land(int jump)
    {
        Span<byte> distance = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(distance, code.Count - (jump + sizeof(int)));
        for (int i = 0; i < distance.Length; i++)
        {
            code[jump + i] = distance[i];
        }
    }

    private void Emit(params ReadOnlySpan<byte> bytes) => code.AddRange(bytes);

    private void Emit32(ReadOnlySpan<byte> operation, uint value)
    {
        Emit(operation);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        Emit(bytes);
    }
}
