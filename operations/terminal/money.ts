/**
 * An amount for people.
 *
 * @param minorUnits in the currency's smallest unit, of which it may have none, two or three digits
 * @param currency ISO 4217
 * @example formatMoney(2500, 'EUR') // '25.00 EUR'
 */
export function formatMoney(minorUnits: number, currency: string): string {
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return `${(minorUnits / 10 ** digits).toFixed(digits)} ${currency}`;
}
