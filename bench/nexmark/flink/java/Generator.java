package bench;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/** Event number n as a function of n, seed and rate: the twin of events.ts. One object per reader, which is filled anew by {@link #at}. */
public final class Generator {
  public static final int PERSON = 0;
  public static final int AUCTION = 1;
  public static final int BID = 2;

  static final String[] FIRST_NAMES = {"anna", "boris", "clara", "david", "elena", "felix", "grace", "hugo", "irene", "jonas"};
  static final String[] LAST_NAMES = {"adams", "brandt", "costa", "dubois", "evans", "fischer", "garcia", "huber", "ivanov", "jensen"};
  static final String[] CITIES = {"Phoenix", "Oakland", "Fresno", "Boise", "Nampa", "Portland", "Salem", "Seattle", "Tacoma", "Casper"};
  static final String[] STATES = {"AZ", "CA", "CA", "ID", "ID", "OR", "OR", "WA", "WA", "WY"};
  static final String[] EXTRAS = new String[1024];
  static final String[] CHANNELS = new String[10_004];
  static final String[] URLS = new String[10_004];

  private static final String[] HOT_CHANNELS = {"Apple", "Google", "Facebook", "Baidu"};
  private static final long START = 1_767_225_600_000L; // 2026-01-01T00:00:00Z
  private static final long FIRST_ID = 1000;
  private static final int STEP = 0x9e3779b9;

  static {
    for (int i = 0; i < EXTRAS.length; i++) EXTRAS[i] = letters(i, 4 + i % 17);
    for (int c = 0; c < CHANNELS.length; c++) {
      CHANNELS[c] = c < 4 ? HOT_CHANNELS[c] : "channel-" + c;
      String path = letters(10_000 + c, 3) + "/" + letters(20_100 + c, 4) + "/" + letters(30_200 + c, 3);
      String id = c < 4 || c % 10 == 0 ? "" : "&channel_id=" + c;
      URLS[c] = "https://shop.example/" + path + "/item.htm?query=1" + id;
    }
  }

  /** What an event becomes; it reads the fields that the event's type sets. Null leaves the event out. */
  public interface Form<T> extends Serializable {
    T of(Generator event);
  }

  public int type;
  public long time;
  public int extra; // these and others of type int are places in the arrays above
  public long id;
  public int firstName;
  public int lastName;
  public int city;
  public final int[] card = new int[4];
  public int itemName;
  public int description1;
  public int description2;
  public long initialBid;
  public long reserve;
  public long expires;
  public long seller;
  public long category;
  public long auction;
  public long bidder;
  public long price;
  public int channel;

  private final int seeded;
  private final long rate;
  private final long horizonMs;
  private int state;

  public Generator(int seed, long rate) {
    this.seeded = mix(seed);
    this.rate = rate;
    this.horizonMs = Math.max(1, 5_000_000 / (3 * rate));
  }

  /** Becomes the event of this number. */
  public void at(long number) {
    state = mix((int) (number + (seeded & 0xffffffffL)));
    long group = number / 50;
    int place = (int) (number % 50);
    time = START + number * 1000 / rate + below(1, 4);
    if (place == 0) person(group);
    else if (place <= 3) auction(group, place);
    else bid(group);
  }

  private void person(long group) {
    type = PERSON;
    id = FIRST_ID + group;
    firstName = below(2, 10);
    lastName = below(3, 10);
    city = below(4, 10);
    for (int i = 0; i < 4; i++) card[i] = below(5 + i, 10_000);
    extra = below(9, 1024);
  }

  private void auction(long group, int place) {
    type = AUCTION;
    id = FIRST_ID + 3 * group + place - 1;
    itemName = below(2, 1024);
    description1 = below(3, 1024);
    description2 = below(4, 1024);
    initialBid = price(5);
    reserve = initialBid + price(7);
    expires = time + 1 + below(9, (int) (2 * horizonMs));
    boolean hot = below(10, 4) > 0;
    seller = FIRST_ID + (hot ? group - group % 100 : group - below(11, (int) Math.min(1000, group + 1)));
    category = 10 + below(12, 5);
    extra = below(13, 1024);
  }

  private void bid(long group) {
    type = BID;
    long newest = 3 * group + 2;
    boolean hotAuction = below(2, 2) > 0;
    boolean hotBidder = below(4, 4) > 0;
    auction = FIRST_ID + (hotAuction ? newest - newest % 100 : newest - below(3, (int) Math.min(100, newest + 1)));
    bidder = FIRST_ID + (hotBidder ? group - group % 100 + 1 : group - below(5, (int) Math.min(1000, group + 1)));
    price = price(6);
    channel = below(8, 2) > 0 ? below(9, 4) : 4 + below(9, 10_000);
    extra = below(10, 1024);
  }

  private long price(int draw) {
    long low = 100L << below(draw, 20);
    return low + ((mix(state + (draw + 1) * STEP) >>> 12) * low >>> 20);
  }

  private int below(int draw, int bound) {
    return scaled(mix(state + draw * STEP), bound);
  }

  private static int mix(int x) {
    x = (x ^ x >>> 16) * 0x7feb352d;
    x = (x ^ x >>> 15) * 0x846ca68b;
    return x ^ x >>> 16;
  }

  private static int scaled(int drawn, int bound) {
    return (int) ((drawn & 0xffffffffL) * bound >>> 32);
  }

  private static String letters(int key, int length) {
    byte[] letters = new byte[length];
    for (int i = 0; i < length; i++) letters[i] = (byte) ('a' + scaled(mix(key + i * STEP), 26));
    return new String(letters, StandardCharsets.ISO_8859_1);
  }
}
