using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>A file under construction beside the one that it will replace. Its writes go through a <see cref="DataMover"/>; disposed before
/// <see cref="Commit"/>, it is gone.</summary>
internal sealed class ArchiveFile : Stream
{
    private const int ReadableByUmask = 0x1B6; // 0666
    private const int ReadableByOwner = 0x180; // 0600

    private readonly string _path;
    private readonly string _directory;
    private readonly string _temporary;
    private readonly DataMover _mover;
    private long _position;
    private bool _committed;
    private long _writtenBack;
    private Task _writeback = Task.CompletedTask;

    public ArchiveFile(string path, DataMover mover, bool isPrivate = false)
    {
        _path = Path.GetFullPath(path);
        _directory = Path.GetDirectoryName(_path) ?? "/";
        _temporary = $"{_path}.{Environment.ProcessId}.new";
        _mover = mover;
        if (FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(_path), followLinks: false, out FileStatus there, out _) && !there.IsFile)
        {
            throw new UserError($"{path} is there and no regular file.", "Name another file as the output.", UserErrorKind.Input);
        }
        Handle = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(_temporary),
            OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow,
            isPrivate ? ReadableByOwner : ReadableByUmask,
            out int errno
        );
        if (errno != 0)
        {
            throw new UserError(
                $"{path} cannot be written: {Errno.Describe(errno)}",
                "Name a file in a directory that is there and may be written to.",
                UserErrorKind.Input
            );
        }
    }

    /// <summary>The directory that it is in.</summary>
    public string Directory => _directory;

    public SafeFileHandle Handle { get; }

    public override bool CanRead => false;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>What a full disk becomes, for whoever wrote to the file.</summary>
    public UserError NoRoom(Exception cause) =>
        new(
            $"There is no room for {_path}: {cause.Message}",
            "Free space there or name another directory; nothing was left behind.",
            cause: cause
        );

    /// <summary>Makes it durable, then gives it its name.</summary>
    public void Commit()
    {
        _writeback.Wait();
        FileData.Sync(Handle, _path);
        FileNodes.Rename(null, Encoding.UTF8.GetBytes(_temporary), null, Encoding.UTF8.GetBytes(_path));
        _committed = true;
        DirectorySync.Flush(_directory);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _mover.WriteAt(Handle, buffer, _position, _path);
        _position += buffer.Length;
        WriteBack();
    }

    /// <summary>Lets the disk work while the rest is still being put together, a part at a time.</summary>
    private void WriteBack()
    {
        const long part = 16 << 20;
        if (_position - _writtenBack < part || !_writeback.IsCompleted)
        {
            return;
        }
        long from = _writtenBack;
        // The last block may get more.
        long length = (_position - from) & -4096;
        _writtenBack = from + length;
        _writeback = Task.Run(() => FileData.StartWriteback(Handle, from, length));
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) =>
        _position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => throw new NotSupportedException(),
        };

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _writeback.Wait();
            Handle.Dispose();
            if (!_committed)
            {
                FileNodes.TryRemove(null, Encoding.UTF8.GetBytes(_temporary), isDirectory: false, out _);
            }
        }
        base.Dispose(disposing);
    }
}
