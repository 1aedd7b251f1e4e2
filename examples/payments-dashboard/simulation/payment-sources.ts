/** Through what a payment comes in: a share in the long run, and the amount that is usual there. */
export interface PaymentSource {
  readonly name: string;
  readonly weight: number;
  /** Median in euros. */
  readonly median: number;
}

const source = (name: string, weight: number, median: number): PaymentSource => ({ name, weight, median });

export const paymentSources: readonly PaymentSource[] = [
  source('Web shop', 22, 46),
  source('Mobile app', 20, 24),
  source('Store terminals', 17, 31),
  source('Marketplace', 13, 58),
  source('Subscriptions', 11, 12),
  source('Food delivery', 9, 27),
  source('Fuel stations', 7, 55),
  source('Ticket machines', 6, 9),
  source('Hotel desks', 4, 90),
  source('Invoices', 3, 120),
  source('Parking meters', 3, 4),
  source('Vending machines', 2, 3),
];
