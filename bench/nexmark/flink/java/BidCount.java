package bench;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.core.fs.Path;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.DeserializationFeature;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectReader;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** The DataStream job: bids keyed by bidder, counted in event-time windows of 10 seconds. Gives (window start, bidder, count). */
final class BidCount {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  public static class Bid {
    public long auction;
    public long bidder;
    public long price;
    public long time;
    public String channel;
    public String url;
    public String extra;

    @JsonProperty("dateTime")
    public void timeFrom(String text) {
      time = LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
    }
  }

  /** One JSON line; persons and auctions are skipped. */
  public static class Line {
    public int event_type;
    public Bid bid;
  }

  /** `folder` has JSON lines; '' makes the events in memory. */
  static DataStream<Tuple3<Long, Long, Long>> of(StreamExecutionEnvironment flink, String folder, EventSource<Bid> memory) {
    WatermarkStrategy<Bid> times =
        WatermarkStrategy.<Bid>forBoundedOutOfOrderness(Duration.ofSeconds(4))
            .withTimestampAssigner((bid, none) -> bid.time);
    DataStream<Bid> bids =
        folder.isEmpty()
            ? flink.fromSource(memory, times, "events", Types.POJO(Bid.class))
            : linesOf(flink, folder).assignTimestampsAndWatermarks(times);
    return bids.keyBy(bid -> bid.bidder, Types.LONG)
        .window(TumblingEventTimeWindows.of(Duration.ofSeconds(10)))
        .aggregate(new Count(), new Emit());
  }

  private static DataStream<Bid> linesOf(StreamExecutionEnvironment flink, String folder) {
    FileSource<String> files = FileSource.forRecordStreamFormat(new TextLineInputFormat(), new Path(folder)).build();
    TypeInformation<Bid> type = Types.POJO(Bid.class);
    return flink.fromSource(files, WatermarkStrategy.noWatermarks(), "lines").flatMap(new Parse()).returns(type);
  }

  static Bid bidOf(Generator event) {
    if (event.type != Generator.BID) return null;
    Bid bid = new Bid();
    bid.auction = event.auction;
    bid.bidder = event.bidder;
    bid.price = event.price;
    bid.time = event.time;
    bid.channel = Generator.CHANNELS[event.channel];
    bid.url = Generator.URLS[event.channel];
    bid.extra = Generator.EXTRAS[event.extra];
    return bid;
  }

  public static class Parse extends RichFlatMapFunction<String, Bid> {
    private transient ObjectReader reader;

    @Override
    public void flatMap(String text, Collector<Bid> out) throws IOException {
      if (reader == null) {
        reader = new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false).readerFor(Line.class);
      }
      Line line = reader.readValue(text);
      if (line.bid != null) out.collect(line.bid);
    }
  }

  public static class Count implements AggregateFunction<Bid, Long, Long> {
    @Override
    public Long createAccumulator() {
      return 0L;
    }

    @Override
    public Long add(Bid bid, Long count) {
      return count + 1;
    }

    @Override
    public Long getResult(Long count) {
      return count;
    }

    @Override
    public Long merge(Long left, Long right) {
      return left + right;
    }
  }

  public static class Emit extends ProcessWindowFunction<Long, Tuple3<Long, Long, Long>, Long, TimeWindow> {
    @Override
    public void process(Long bidder, Context context, Iterable<Long> counts, Collector<Tuple3<Long, Long, Long>> out) {
      out.collect(Tuple3.of(context.window().getStart(), bidder, counts.iterator().next()));
    }
  }
}
