/** The link by which somebody sets a password, this once. */
import type { PasswordLink } from '../../../api/types';
import { Ago } from '../../../parts/Ago';
import { ShownOnce } from '../ShownOnce';

interface Props {
  name: string;
  link: PasswordLink;
  onClose: () => void;
}

export function LinkOnce({ name, link, onClose }: Props) {
  return (
    <ShownOnce
      says={
        <>
          Give this link to <b>{name}</b>, and to nobody else: whoever opens it sets the password.
          It works once, and ends <Ago at={link.expires_at} />.
        </>
      }
      text={link.url}
      copy="Copy the link"
      onClose={onClose}
    />
  );
}
