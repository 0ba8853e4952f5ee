/** How long what lets a program in may be in force. */
import { Segments } from '../../parts/Segments';

/** In days; none is for ever. */
const TERMS = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '365 days' },
  { value: 'never', label: 'Never' },
];

const DAY_MS = 86_400_000;

/** When what is made now for that term ends by itself. */
export function endOf(term: string, now: number): { expires_at?: string } {
  if (term === 'never') return {};
  return { expires_at: new Date(now + Number(term) * DAY_MS).toISOString() };
}

interface Props {
  value: string;
  onChange: (term: string) => void;
}

export function TermChoice(props: Props) {
  return <Segments label="Expires after" data={TERMS} {...props} />;
}
