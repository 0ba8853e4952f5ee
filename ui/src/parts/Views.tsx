/**
 * Saved views of a list: its filters and order under a name. Some ship; a reader's own are kept in
 * this browser. The menu is loaded when it is first opened.
 */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Icon } from './icons';
import { later } from './later';

const Opened = later(() => import('./ViewsMenu').then((m) => m.ViewsMenu));

export interface View {
  name: string;
  /** The filters as they stand in the address, without its question mark. */
  search: string;
}

export interface ViewsProps {
  page: string;
  shipped: View[];
}

export function Views(props: ViewsProps) {
  const [wanted, want] = useState(false);
  const button = (
    <Button
      variant="default"
      px="sm"
      rightSection={<Icon name="down" size={12} />}
      aria-haspopup="menu"
      onClick={() => want(true)}
    >
      Views
    </Button>
  );
  return wanted ? <Opened {...props} meanwhile={button} onClose={() => want(false)} /> : button;
}
