const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** 09:30:00, where the page is. @param time milliseconds since 1970, or ISO 8601 */
export function clockTime(time: number | string): string {
  return clock.format(new Date(time));
}

/** 24 Nov */
export function dayOf(time: string): string {
  return day.format(new Date(time));
}

export function quantityText(quantity: number): string {
  return whole.format(quantity);
}

export function amountText(amount: number): string {
  return money.format(amount);
}

/** +0.12%, with a true minus sign. */
export function percentText(percent: number): string {
  const digits = Math.abs(percent).toFixed(2);
  const sign = Number(digits) === 0 ? '' : percent > 0 ? '+' : '−';
  return `${sign}${digits}%`;
}
