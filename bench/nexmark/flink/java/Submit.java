package bench;

import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * Submits one query to the cluster and prints the id of its job. Arguments: port of the REST API, events, seed, rate, folder of
 * JSON lines or '', and the statements, parted by semicolons and the query last; without statements it is {@link BidCount}.
 */
public final class Submit {
  private static final Map<String, String> OPTIONS =
      Map.of("parallelism.default", "1", "pipeline.object-reuse", "true", "restart-strategy.type", "disable");

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    long events = Long.parseLong(args[1]);
    int seed = Integer.parseInt(args[2]);
    long rate = Long.parseLong(args[3]);
    var flink = StreamExecutionEnvironment.createRemoteEnvironment("127.0.0.1", port, Configuration.fromMap(OPTIONS));
    String job;
    if (args[5].isEmpty()) {
      BidCount.of(flink, args[4], new EventSource<>(events, seed, rate, BidCount::bidOf)).sinkTo(new DiscardingSink<>());
      job = flink.executeAsync("bidcount").getJobID().toString();
    } else {
      job = sql(flink, args[5].split(";"));
    }
    System.out.println("JOB " + job);
    System.exit(0);
  }

  private static String sql(StreamExecutionEnvironment flink, String[] statements) {
    StreamTableEnvironment tables = StreamTableEnvironment.create(flink);
    OPTIONS.forEach((key, value) -> tables.getConfig().set(key, value));
    int last = statements.length - 1;
    for (int i = 0; i < last; i++) tables.executeSql(statements[i]);
    var sink = TableDescriptor.forConnector("blackhole").build();
    return tables.sqlQuery(statements[last]).executeInsert(sink).getJobClient().orElseThrow().getJobID().toString();
  }
}
