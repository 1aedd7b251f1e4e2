package bench;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** The SQL connector 'bench-events': {@link EventSource} as the table of sql/tables.sql. */
public final class EventTable implements DynamicTableSourceFactory {
  private static final ConfigOption<Long> EVENTS = ConfigOptions.key("events").longType().noDefaultValue();
  private static final ConfigOption<Integer> SEED = ConfigOptions.key("seed").intType().noDefaultValue();
  private static final ConfigOption<Long> RATE = ConfigOptions.key("rate").longType().noDefaultValue();

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    var helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    var options = helper.getOptions();
    return new Scan(options.get(EVENTS), options.get(SEED), options.get(RATE));
  }

  @Override
  public String factoryIdentifier() {
    return "bench-events";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(EVENTS, SEED, RATE);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  private record Scan(long events, int seed, long rate) implements ScanTableSource {
    @Override
    public ChangelogMode getChangelogMode() {
      return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
      return SourceProvider.of(new EventSource<>(events, seed, rate, new RowForm()));
    }

    @Override
    public DynamicTableSource copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return "events";
    }
  }

  /** (event_type, person, auction, bid); texts that repeat are encoded once. */
  private static final class RowForm implements Generator.Form<RowData> {
    private static final StringData[] EXTRAS = encoded(Generator.EXTRAS);
    private static final StringData[] CHANNELS = encoded(Generator.CHANNELS);
    private static final StringData[] URLS = encoded(Generator.URLS);
    private static final StringData[] CITIES = encoded(Generator.CITIES);
    private static final StringData[] STATES = encoded(Generator.STATES);

    @Override
    public RowData of(Generator event) {
      GenericRowData row = new GenericRowData(4);
      row.setField(0, event.type);
      switch (event.type) {
        case Generator.BID -> row.setField(3, bid(event));
        case Generator.AUCTION -> row.setField(2, auction(event));
        default -> row.setField(1, person(event));
      }
      return row;
    }

    private static RowData bid(Generator event) {
      return GenericRowData.of(
          event.auction,
          event.bidder,
          event.price,
          CHANNELS[event.channel],
          URLS[event.channel],
          TimestampData.fromEpochMillis(event.time),
          EXTRAS[event.extra]);
    }

    private static RowData auction(Generator event) {
      String description = Generator.EXTRAS[event.description1] + " " + Generator.EXTRAS[event.description2];
      return GenericRowData.of(
          event.id,
          EXTRAS[event.itemName],
          StringData.fromString(description),
          event.initialBid,
          event.reserve,
          TimestampData.fromEpochMillis(event.time),
          TimestampData.fromEpochMillis(event.expires),
          event.seller,
          event.category,
          EXTRAS[event.extra]);
    }

    private static RowData person(Generator event) {
      String first = Generator.FIRST_NAMES[event.firstName];
      String last = Generator.LAST_NAMES[event.lastName];
      int[] card = event.card;
      return GenericRowData.of(
          event.id,
          StringData.fromString(first + " " + last),
          StringData.fromString(first + "." + last + "@mail.example"),
          StringData.fromString(four(card[0]) + " " + four(card[1]) + " " + four(card[2]) + " " + four(card[3])),
          CITIES[event.city],
          STATES[event.city],
          TimestampData.fromEpochMillis(event.time),
          EXTRAS[event.extra]);
    }

    private static String four(int digits) {
      return Integer.toString(10_000 + digits).substring(1);
    }

    private static StringData[] encoded(String[] texts) {
      StringData[] encoded = new StringData[texts.length];
      for (int i = 0; i < texts.length; i++) {
        encoded[i] = StringData.fromBytes(texts[i].getBytes(StandardCharsets.UTF_8));
      }
      return encoded;
    }
  }
}
