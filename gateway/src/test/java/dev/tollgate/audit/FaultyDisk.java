package dev.tollgate.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A disk whose faults a test decides. What is written goes to real files. */
public final class FaultyDisk implements Disk {
    /** Asked before each write, force, truncation and opening; throws to let it fail. */
    @FunctionalInterface
    public interface Fault {
        Fault NONE = operation -> {};
        Fault FULL = operation -> {
            throw new IOException("No space left on device");
        };

        void before(Operation operation) throws IOException;
    }

    public enum Operation {
        OPEN,
        WRITE,
        FORCE,
        TRUNCATE
    }

    public volatile Fault fault = Fault.NONE;

    @Override
    public FileChannel open(Path file) throws IOException {
        fault.before(Operation.OPEN);
        return new Channel(Disk.REAL.open(file));
    }

    private final class Channel extends FileChannel {
        private final FileChannel file;

        Channel(FileChannel file) {
            this.file = file;
        }

        /** A write that fails leaves the first half of its bytes behind. */
        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            try {
                fault.before(Operation.WRITE);
            } catch (IOException failure) {
                ByteBuffer half = source.slice(source.position(), source.remaining() / 2);
                long unused = file.write(half, position);
                throw failure;
            }
            return file.write(source, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            fault.before(Operation.FORCE);
            file.force(metaData);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            fault.before(Operation.TRUNCATE);
            return file.truncate(size);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            fault.before(Operation.WRITE);
            return file.write(source);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            fault.before(Operation.WRITE);
            return file.write(sources, offset, length);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
            return file.read(targets, offset, length);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public FileChannel position(long to) throws IOException {
            return file.position(to);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return file.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            return file.transferFrom(source, position, count);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return file.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return file.lock(position, size, shared);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return file.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }
    }
}
