package bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The first `events` events, each made when it is read. Reader r of p has every p-th block of 1000. */
public final class EventSource<T> implements Source<T, EventSource.Share, Integer> {
  private static final int BLOCK = 1000;
  private static final int PER_POLL = 50;

  private final long events;
  private final int seed;
  private final long rate;
  private final Generator.Form<T> form;

  public EventSource(long events, int seed, long rate, Generator.Form<T> form) {
    this.events = events;
    this.seed = seed;
    this.rate = rate;
    this.form = form;
  }

  /** One reader's blocks and how far it has come. */
  public record Share(int reader, int readers, long next) implements SourceSplit {
    @Override
    public String splitId() {
      return "share-" + reader;
    }
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SourceReader<T, Share> createReader(SourceReaderContext context) {
    return new Reader();
  }

  @Override
  public SplitEnumerator<Share, Integer> createEnumerator(SplitEnumeratorContext<Share> context) {
    return new Dealer(context, 0);
  }

  @Override
  public SplitEnumerator<Share, Integer> restoreEnumerator(SplitEnumeratorContext<Share> context, Integer dealt) {
    return new Dealer(context, dealt);
  }

  @Override
  public SimpleVersionedSerializer<Share> getSplitSerializer() {
    return new FixedBytes<>(
        16,
        (share, out) -> out.putInt(share.reader).putInt(share.readers).putLong(share.next),
        in -> new Share(in.getInt(), in.getInt(), in.getLong()));
  }

  @Override
  public SimpleVersionedSerializer<Integer> getEnumeratorCheckpointSerializer() {
    return new FixedBytes<>(4, (dealt, out) -> out.putInt(dealt), ByteBuffer::getInt);
  }

  private final class Reader implements SourceReader<T, Share> {
    private final Generator generator = new Generator(seed, rate);
    private final CompletableFuture<Void> dealt = new CompletableFuture<>();
    private Share share;
    private long next;

    @Override
    public InputStatus pollNext(ReaderOutput<T> out) {
      if (share == null) return dealt.isDone() ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
      for (int i = 0; i < PER_POLL; i++) {
        if (next >= events) return InputStatus.END_OF_INPUT;
        generator.at(next++);
        T event = form.of(generator);
        if (event != null) out.collect(event);
        if (next % BLOCK == 0) next += (long) (share.readers - 1) * BLOCK;
      }
      return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public void addSplits(List<Share> splits) {
      share = splits.get(0);
      next = share.next;
      dealt.complete(null);
    }

    @Override
    public List<Share> snapshotState(long checkpointId) {
      return share == null ? List.of() : List.of(new Share(share.reader, share.readers, next));
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return dealt;
    }

    @Override
    public void notifyNoMoreSplits() {
      dealt.complete(null);
    }

    @Override
    public void start() {}

    @Override
    public void close() {}
  }

  /** Gives every reader its share once; `dealt` has a bit for each that has it. */
  private static final class Dealer implements SplitEnumerator<Share, Integer> {
    private final SplitEnumeratorContext<Share> context;
    private final Map<Integer, List<Share>> returned = new HashMap<>();
    private int dealt;

    Dealer(SplitEnumeratorContext<Share> context, int dealt) {
      this.context = context;
      this.dealt = dealt;
    }

    @Override
    public void addReader(int reader) {
      List<Share> shares = new ArrayList<>(returned.getOrDefault(reader, List.of()));
      returned.remove(reader);
      if ((dealt >> reader & 1) == 0) {
        shares.add(new Share(reader, context.currentParallelism(), (long) reader * BLOCK));
      }
      dealt |= 1 << reader;
      for (Share share : shares) context.assignSplit(share, reader);
      context.signalNoMoreSplits(reader);
    }

    @Override
    public void addSplitsBack(List<Share> splits, int reader) {
      returned.computeIfAbsent(reader, none -> new ArrayList<>()).addAll(splits);
    }

    @Override
    public Integer snapshotState(long checkpointId) {
      return dealt;
    }

    @Override
    public void handleSplitRequest(int reader, String host) {}

    @Override
    public void start() {}

    @Override
    public void close() {}
  }

  private interface Writer<V> {
    void write(V value, ByteBuffer to);
  }

  private record FixedBytes<V>(int size, Writer<V> writer, Function<ByteBuffer, V> reader)
      implements SimpleVersionedSerializer<V> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(V value) {
      ByteBuffer bytes = ByteBuffer.allocate(size);
      writer.write(value, bytes);
      return bytes.array();
    }

    @Override
    public V deserialize(int version, byte[] bytes) throws IOException {
      return reader.apply(ByteBuffer.wrap(bytes));
    }
  }
}
