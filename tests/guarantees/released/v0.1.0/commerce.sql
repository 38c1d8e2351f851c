CREATE TABLE public.creations (
    tenant text NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE public.customers (
    tenant text NOT NULL,
    customer text NOT NULL,
    name text NOT NULL,
    since timestamp with time zone NOT NULL,
    claims integer NOT NULL,
    zone text NOT NULL
);
CREATE TABLE public.issued_credits (
    tenant text NOT NULL,
    key text NOT NULL,
    credit_id text NOT NULL,
    customer text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    code text NOT NULL
);
CREATE TABLE public.order_lines (
    tenant text NOT NULL,
    order_ref text NOT NULL,
    sku text NOT NULL,
    quantity integer NOT NULL,
    price_minor bigint NOT NULL,
    CONSTRAINT order_lines_quantity_check CHECK ((quantity > 0))
);
CREATE TABLE public.orders (
    tenant text NOT NULL,
    order_ref text NOT NULL,
    customer text NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    currency text NOT NULL,
    delivery_zone text NOT NULL
);
CREATE TABLE public.payments (
    tenant text NOT NULL,
    payment_id text NOT NULL,
    order_ref text NOT NULL,
    captured_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL
);
CREATE TABLE public.products (
    tenant text NOT NULL,
    sku text NOT NULL,
    description text NOT NULL,
    in_stock integer NOT NULL,
    CONSTRAINT products_in_stock_check CHECK ((in_stock >= 0))
);
CREATE TABLE public.replacements (
    tenant text NOT NULL,
    key text NOT NULL,
    replacement_id text NOT NULL,
    order_ref text NOT NULL,
    sku text NOT NULL,
    service text NOT NULL,
    currency text NOT NULL,
    price_minor bigint NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    ships_by timestamp with time zone NOT NULL,
    arrives_by timestamp with time zone NOT NULL,
    shipped_at timestamp with time zone NOT NULL,
    delivered_at timestamp with time zone NOT NULL
);
CREATE TABLE public.returns (
    tenant text NOT NULL,
    key text NOT NULL,
    return_id text NOT NULL,
    order_ref text NOT NULL,
    sku text NOT NULL,
    return_by timestamp with time zone NOT NULL,
    received_at timestamp with time zone
);
CREATE TABLE public.shipments (
    tenant text NOT NULL,
    shipment text NOT NULL,
    order_ref text NOT NULL,
    service text NOT NULL,
    shipped_at timestamp with time zone,
    delivered_at timestamp with time zone
);
INSERT INTO public.creations (tenant, kind, key, body) VALUES ('sole-mates', 'replacement', 'rem_mdbsortnqzkqbenhmu6me', '\xac39658c3ffee118e97ba00722e6799832be006448c7756440810883ff4ea97b');
INSERT INTO public.creations (tenant, kind, key, body) VALUES ('sole-mates', 'return', 'rem_mdbsortnqzkqbenhmu6me', '\x29fcbcf8d68f94c76162bbf8c57282594d6684fe49e376ebd21d202451821e1d');
INSERT INTO public.creations (tenant, kind, key, body) VALUES ('sole-mates', 'credit', 'rem_y3fzkmxnevm2fmyd5xera', '\x1233aee0f1384b05349ba4ceb70aac22e6077437bef6cc5cafddc5536bf300f6');
INSERT INTO public.customers (tenant, customer, name, since, claims, zone) VALUES ('sole-mates', 'C-1042', 'Daniel Marsh', '2023-11-22 10:05:00+00', 1, 'Europe/London');
INSERT INTO public.customers (tenant, customer, name, since, claims, zone) VALUES ('sole-mates', 'C-2077', 'Owen Price', '2025-11-01 10:05:00+00', 0, 'Europe/London');
INSERT INTO public.customers (tenant, customer, name, since, claims, zone) VALUES ('sole-mates', 'C-3310', 'Isla Macleod', '2026-12-20 10:05:00+00', 0, 'Europe/London');
INSERT INTO public.issued_credits (tenant, key, credit_id, customer, currency, amount_minor, issued_at, valid_until, code) VALUES ('sole-mates', 'rem_y3fzkmxnevm2fmyd5xera', 'crd_9593c944222a79e1', 'C-1042', 'GBP', 1000, '2026-11-28 15:10:02.447491+00', '2027-11-28 15:10:02.447491+00', 'SORRY-XLUJ-8YDP');
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-20418', 'FB-PREDATOR-42', 1, 6490);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-261128', 'FB-PREDATOR-42', 1, 6490);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-261226', 'FB-PREDATOR-42', 1, 6490);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-19877', 'RUN-FEATHER-42', 1, 8900);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-17204', 'FB-PREDATOR-42', 1, 6490);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-15630', 'HIKE-RIDGE-43', 1, 12900);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-12011', 'RUN-FEATHER-42', 1, 8900);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-20391', 'SLIPPER-FELT-38', 1, 3490);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-16118', 'HIKE-RIDGE-43', 1, 12900);
INSERT INTO public.order_lines (tenant, order_ref, sku, quantity, price_minor) VALUES ('sole-mates', 'SM-20405', 'BALLET-SILK-37', 1, 5200);
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-20418', 'C-1042', '2026-11-18 12:42:00+00', 'GBP', 'city');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-261128', 'C-1042', '2026-11-24 12:42:00+00', 'GBP', 'city');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-261226', 'C-1042', '2026-12-22 12:42:00+00', 'GBP', 'city');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-19877', 'C-1042', '2026-10-26 12:42:00+00', 'GBP', 'city');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-17204', 'C-1042', '2026-05-28 11:42:00+00', 'GBP', 'city');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-15630', 'C-1042', '2025-11-24 12:42:00+00', 'GBP', 'city');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-12011', 'C-1042', '2024-10-29 12:42:00+00', 'GBP', 'city');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-20391', 'C-2077', '2026-12-21 12:42:00+00', 'GBP', 'national');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-16118', 'C-2077', '2026-01-10 12:42:00+00', 'GBP', 'national');
INSERT INTO public.orders (tenant, order_ref, customer, ordered_at, currency, delivery_zone) VALUES ('sole-mates', 'SM-20405', 'C-3310', '2026-12-20 12:42:00+00', 'GBP', 'islands');
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-20418', 'SM-20418', 6490, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-261128', 'SM-261128', 6490, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-261226', 'SM-261226', 6490, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-19877', 'SM-19877', 8900, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-17204', 'SM-17204', 6490, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-15630', 'SM-15630', 12900, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-12011', 'SM-12011', 8900, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-20391', 'SM-20391', 3490, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-16118', 'SM-16118', 12900, 0);
INSERT INTO public.payments (tenant, payment_id, order_ref, captured_minor, refunded_minor) VALUES ('sole-mates', 'PAY-SM-20405', 'SM-20405', 5200, 0);
INSERT INTO public.products (tenant, sku, description, in_stock) VALUES ('sole-mates', 'FB-PREDATOR-42', 'Football shoes Predator, size 42', 24);
INSERT INTO public.products (tenant, sku, description, in_stock) VALUES ('sole-mates', 'RUN-FEATHER-42', 'Running shoes Feather, size 42', 11);
INSERT INTO public.products (tenant, sku, description, in_stock) VALUES ('sole-mates', 'HIKE-RIDGE-43', 'Hiking boots Ridge, size 43', 6);
INSERT INTO public.products (tenant, sku, description, in_stock) VALUES ('sole-mates', 'SLIPPER-FELT-38', 'Felt slippers, size 38', 40);
INSERT INTO public.products (tenant, sku, description, in_stock) VALUES ('sole-mates', 'BALLET-SILK-37', 'Ballet shoes Silk, size 37, the last pair', 0);
INSERT INTO public.replacements (tenant, key, replacement_id, order_ref, sku, service, currency, price_minor, ordered_at, ships_by, arrives_by, shipped_at, delivered_at) VALUES ('sole-mates', 'rem_mdbsortnqzkqbenhmu6me', 'rep_bd409d045680a528', 'SM-261128', 'FB-PREDATOR-42', 'same-day-courier', 'GBP', 1490, '2026-11-28 15:10:02.250482+00', '2026-11-28 15:40:02.250482+00', '2026-11-28 21:00:00+00', '2026-11-28 15:25:02.250482+00', '2026-11-28 19:30:00+00');
INSERT INTO public.returns (tenant, key, return_id, order_ref, sku, return_by, received_at) VALUES ('sole-mates', 'rem_mdbsortnqzkqbenhmu6me', 'ret_3d3818a8725ce47c', 'SM-261128', 'FB-PREDATOR-42', '2026-12-12 15:10:02.26689+00', NULL);
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-20418', 'SM-20418', 'standard', '2026-11-18 19:00:00+00', '2026-11-21 11:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-261128', 'SM-261128', 'standard', '2026-11-24 19:00:00+00', '2026-11-27 11:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-261226', 'SM-261226', 'standard', '2026-12-22 19:00:00+00', '2026-12-25 11:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-19877', 'SM-19877', 'standard', '2026-10-26 19:00:00+00', '2026-10-29 11:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-17204', 'SM-17204', 'next-day', '2026-05-28 18:00:00+00', '2026-05-29 10:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-15630', 'SM-15630', 'standard', '2025-11-24 19:00:00+00', '2025-11-27 11:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-12011', 'SM-12011', 'standard', '2024-10-29 19:00:00+00', '2024-11-01 11:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-20391', 'SM-20391', 'standard', '2026-12-21 19:00:00+00', '2026-12-30 11:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-16118', 'SM-16118', 'standard', '2026-01-10 19:00:00+00', '2026-01-13 11:20:00+00');
INSERT INTO public.shipments (tenant, shipment, order_ref, service, shipped_at, delivered_at) VALUES ('sole-mates', 'SHP-SM-20405', 'SM-20405', 'standard', '2026-12-20 19:00:00+00', '2026-12-25 11:20:00+00');
ALTER TABLE ONLY public.creations
    ADD CONSTRAINT creations_pkey PRIMARY KEY (tenant, kind, key);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (tenant, customer);
ALTER TABLE ONLY public.issued_credits
    ADD CONSTRAINT issued_credits_pkey PRIMARY KEY (tenant, key);
ALTER TABLE ONLY public.issued_credits
    ADD CONSTRAINT issued_credits_tenant_code_key UNIQUE (tenant, code);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT order_lines_pkey PRIMARY KEY (tenant, order_ref, sku);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (tenant, order_ref);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (tenant, payment_id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (tenant, sku);
ALTER TABLE ONLY public.replacements
    ADD CONSTRAINT replacements_pkey PRIMARY KEY (tenant, key);
ALTER TABLE ONLY public.returns
    ADD CONSTRAINT returns_pkey PRIMARY KEY (tenant, key);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_pkey PRIMARY KEY (tenant, shipment);
CREATE INDEX orders_of_customer ON public.orders USING btree (tenant, customer);
CREATE INDEX payments_of_order ON public.payments USING btree (tenant, order_ref);
CREATE INDEX returns_of_line ON public.returns USING btree (tenant, order_ref, sku);
CREATE INDEX shipments_of_order ON public.shipments USING btree (tenant, order_ref);
ALTER TABLE ONLY public.issued_credits
    ADD CONSTRAINT issued_credits_tenant_customer_fkey FOREIGN KEY (tenant, customer) REFERENCES public.customers(tenant, customer);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT order_lines_tenant_order_ref_fkey FOREIGN KEY (tenant, order_ref) REFERENCES public.orders(tenant, order_ref);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT order_lines_tenant_sku_fkey FOREIGN KEY (tenant, sku) REFERENCES public.products(tenant, sku);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_tenant_customer_fkey FOREIGN KEY (tenant, customer) REFERENCES public.customers(tenant, customer);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_tenant_order_ref_fkey FOREIGN KEY (tenant, order_ref) REFERENCES public.orders(tenant, order_ref);
ALTER TABLE ONLY public.replacements
    ADD CONSTRAINT replacements_tenant_order_ref_fkey FOREIGN KEY (tenant, order_ref) REFERENCES public.orders(tenant, order_ref);
ALTER TABLE ONLY public.returns
    ADD CONSTRAINT returns_tenant_order_ref_fkey FOREIGN KEY (tenant, order_ref) REFERENCES public.orders(tenant, order_ref);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT shipments_tenant_order_ref_fkey FOREIGN KEY (tenant, order_ref) REFERENCES public.orders(tenant, order_ref);
