/** A time of today as `19:20:33`, another one with its day. */
export function clock(iso: string): string {
  const time = new Date(iso);
  const day = time.toLocaleDateString("sv");
  const isToday = day === new Date().toLocaleDateString("sv");
  return `${isToday ? "" : `${day} `}${time.toLocaleTimeString("sv")}`;
}
