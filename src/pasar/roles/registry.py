"""The one registry of modules. Importing it imports every table."""

from __future__ import annotations

from pasar.delivery.notifications import models as _notifications_models  # noqa: F401  its tables
from pasar.delivery.notifications import personal_data as _notifications_data  # noqa: F401  tells
from pasar.delivery.notifications.account_news import NEWS_SUBSCRIBERS
from pasar.delivery.notifications.account_subscribers import ACCOUNT_SUBSCRIBERS
from pasar.delivery.notifications.factor_mails import FACTOR_MAIL_SUBSCRIBERS
from pasar.delivery.notifications.host_mails import HOST_MAIL_SUBSCRIBERS
from pasar.delivery.notifications.jobs import NOTIFICATION_JOBS
from pasar.delivery.notifications.pages import MAILBOX_PAGES
from pasar.delivery.notifications.pages_unsubscribe import UNSUBSCRIBE_PAGES
from pasar.delivery.notifications.staff_mails import STAFF_MAIL_SUBSCRIBERS
from pasar.delivery.shipping import models as _shipping_models  # noqa: F401  its tables
from pasar.delivery.shipping.backoffice import SHIPPING_BACKOFFICE
from pasar.delivery.shipping.backoffice_methods import METHOD_BACKOFFICE
from pasar.delivery.shipping.http import SHIPPING_ROUTES
from pasar.finance.payments import models as _payments_models  # noqa: F401  its tables
from pasar.finance.payments.http import PAYMENT_ROUTES
from pasar.finance.payments.jobs import PAYMENT_SCHEDULES
from pasar.finance.taxes import models as _taxes_models  # noqa: F401  its tables
from pasar.finance.taxes.backoffice import TAX_BACKOFFICE
from pasar.finance.taxes.http import TAX_ROUTES
from pasar.kernel import models as _kernel_models  # noqa: F401  its tables
from pasar.kernel.crypto import models as _crypto_models  # noqa: F401  its tables
from pasar.kernel.resealing import RESEAL_JOBS, RESEAL_SCHEDULES
from pasar.kernel.upkeep import UPKEEP_SCHEDULES
from pasar.people.access import models as _access_models  # noqa: F401  its tables
from pasar.people.access import personal_data as _access_data  # noqa: F401  tells what it holds
from pasar.people.access.backoffice_keys import KEY_BACKOFFICE
from pasar.people.access.backoffice_roles import ROLE_BACKOFFICE
from pasar.people.access.http import ROUTES as ACCESS_ROUTES
from pasar.people.audit import models as _audit_models  # noqa: F401  its tables
from pasar.people.audit.backoffice import AUDIT_BACKOFFICE
from pasar.people.audit.http import AUDIT_ROUTES
from pasar.people.audit.jobs import AUDIT_SCHEDULES
from pasar.people.companies import models as _companies_models  # noqa: F401  its tables
from pasar.people.companies import switching as _company_switching  # noqa: F401  registers with pages
from pasar.people.companies.backoffice import COMPANY_BACKOFFICE
from pasar.people.companies.backoffice_security import SECURITY_BACKOFFICE
from pasar.people.companies.backoffice_sites import SITE_BACKOFFICE
from pasar.people.companies.http import ROUTES as COMPANY_ROUTES
from pasar.people.companies.http_sites import SITE_ROUTES
from pasar.people.platform.http import ROUTES as PLATFORM_ROUTES
from pasar.people.privacy import audit_data as _audit_data  # noqa: F401  tells what it holds
from pasar.people.privacy import models as _privacy_models  # noqa: F401  its tables
from pasar.people.privacy.backoffice import PRIVACY_BACKOFFICE
from pasar.people.privacy.http import PRIVACY_ROUTES
from pasar.people.privacy.http_staff import STAFF_PRIVACY_ROUTES
from pasar.people.privacy.jobs import PRIVACY_JOBS, PRIVACY_SCHEDULES
from pasar.people.privacy.pages import PRIVACY_PAGES
from pasar.people.sign_in import models as _sign_in_models  # noqa: F401  its tables
from pasar.people.sign_in import personal_data as _sign_in_data  # noqa: F401  tells what it holds
from pasar.people.sign_in.http import ROUTES as SIGN_IN_ROUTES
from pasar.people.sign_in.http_proofs import PROOF_ROUTES
from pasar.people.sign_in.jobs import SCHEDULES as SIGN_IN_SCHEDULES
from pasar.people.sign_in.openid import models as _openid_models  # noqa: F401  its tables
from pasar.people.sign_in.openid import personal_data as _openid_data  # noqa: F401  tells what it holds
from pasar.people.sign_in.openid.pages import OPENID_PAGES
from pasar.people.sign_in.openid.pages_connections import CONNECTION_PAGES
from pasar.people.sign_in.pages import SIGN_IN_PAGES
from pasar.people.sign_in.proofs import models as _proof_models  # noqa: F401  its tables
from pasar.people.sign_in.second_factor import models as _second_factor_models  # noqa: F401  its tables
from pasar.people.sign_in.second_factor import personal_data as _factor_data  # noqa: F401  tells what it holds
from pasar.people.sign_in.second_factor.http import FACTOR_ROUTES
from pasar.people.sign_in.second_factor.http_sign_in import SIGN_IN_FACTOR_ROUTES
from pasar.people.sign_in.second_factor.jobs import FACTOR_SCHEDULES
from pasar.people.sign_in.second_factor.pages_confirm import CONFIRM_PAGES
from pasar.people.sign_in.second_factor.pages_security import SECURITY_PAGES
from pasar.people.sign_in.second_factor.pages_sign_in import FACTOR_SIGN_IN_PAGES
from pasar.people.sign_in.sessions.http import SESSION_ROUTES
from pasar.people.sign_in.sessions.pages import SESSION_PAGES
from pasar.people.staff.backoffice import STAFF_BACKOFFICE
from pasar.people.staff.backoffice_invitations import INVITATION_BACKOFFICE
from pasar.people.staff.http import ROUTES as STAFF_ROUTES
from pasar.people.staff.pages import INVITATION_PAGES
from pasar.people.users import models as _users_models  # noqa: F401  its tables
from pasar.people.users import personal_data as _users_data  # noqa: F401  tells what it holds
from pasar.people.users.backoffice import CUSTOMER_BACKOFFICE
from pasar.people.users.backoffice_guests import GUEST_BACKOFFICE
from pasar.people.users.http import ROUTES as USER_ROUTES
from pasar.people.users.http_addresses import ADDRESS_ROUTES
from pasar.people.users.http_guests import GUEST_CUSTOMER_ROUTES
from pasar.people.users.http_photo import PHOTO_ROUTES
from pasar.people.users.pages_addresses import ADDRESS_PAGES
from pasar.people.users.pages_photo import PHOTO_PAGES
from pasar.people.users.photos import PHOTO_JOBS
from pasar.roles.module import Module
from pasar.roles.retention import RETENTION_SCHEDULES
from pasar.shop.carts import attaching as _cart_attaching  # noqa: F401  registers with sign-in
from pasar.shop.carts import models as _carts_models  # noqa: F401  its tables
from pasar.shop.carts import personal_data as _carts_data  # noqa: F401  tells what it holds
from pasar.shop.carts.http import GUEST_ROUTES as GUEST_CART_ROUTES
from pasar.shop.carts.http_customer import CUSTOMER_ROUTES as CUSTOMER_CART_ROUTES
from pasar.shop.carts.jobs import SCHEDULES as CART_SCHEDULES
from pasar.shop.carts.pages import CART_PAGES
from pasar.shop.catalog import models as _catalog_models  # noqa: F401  its tables
from pasar.shop.catalog.admin_categories_http import STAFF_CATEGORY_ROUTES
from pasar.shop.catalog.admin_http import STAFF_PRODUCT_ROUTES
from pasar.shop.catalog.backoffice import PRODUCT_BACKOFFICE
from pasar.shop.catalog.backoffice_categories import CATEGORY_BACKOFFICE
from pasar.shop.catalog.backoffice_imports import IMPORT_BACKOFFICE
from pasar.shop.catalog.backoffice_media import MEDIA_BACKOFFICE
from pasar.shop.catalog.backoffice_states import STATE_BACKOFFICE
from pasar.shop.catalog.backoffice_variants import VARIANT_BACKOFFICE
from pasar.shop.catalog.exporting.http import EXPORT_ROUTES
from pasar.shop.catalog.http import CATALOGUE_ROUTES
from pasar.shop.catalog.importing import models as _importing_models  # noqa: F401  its tables
from pasar.shop.catalog.importing.http import IMPORT_ROUTES
from pasar.shop.catalog.importing.run_import import IMPORT_JOBS
from pasar.shop.catalog.media.http import MEDIA_ROUTES
from pasar.shop.catalog.media.jobs import MEDIA_JOBS, MEDIA_SCHEDULES
from pasar.shop.catalog.pages import CATALOGUE_PAGES
from pasar.shop.checkout.http import ROUTES as CHECKOUT_ROUTES
from pasar.shop.checkout.pages import CHECKOUT_PAGES
from pasar.shop.checkout.subscribers import SUBSCRIBERS as CHECKOUT_SUBSCRIBERS
from pasar.shop.inventory import models as _inventory_models  # noqa: F401  its tables
from pasar.shop.inventory.backoffice import STOCK_BACKOFFICE
from pasar.shop.inventory.backoffice_locations import LOCATION_BACKOFFICE
from pasar.shop.inventory.http import INVENTORY_ROUTES
from pasar.shop.inventory.jobs import INVENTORY_SCHEDULES
from pasar.shop.orders import models as _orders_models  # noqa: F401  its tables
from pasar.shop.orders import personal_data as _orders_data  # noqa: F401  tells what it holds
from pasar.shop.orders.backoffice import ORDER_BACKOFFICE
from pasar.shop.orders.backoffice_dashboard import DASHBOARD
from pasar.shop.orders.http import BUYER_ROUTES as BUYER_ORDER_ROUTES
from pasar.shop.orders.http_staff import STAFF_ROUTES as STAFF_ORDER_ROUTES
from pasar.shop.orders.jobs import SCHEDULES as ORDER_SCHEDULES
from pasar.shop.orders.mail_subscribers import MAIL_SUBSCRIBERS
from pasar.shop.orders.pages import ORDER_PAGES
from pasar.shop.orders.subscribers import SUBSCRIBERS as ORDER_SUBSCRIBERS
from pasar.web.http import WEB_ROUTES

MODULES: tuple[Module, ...] = (
    Module("kernel", jobs=RESEAL_JOBS, schedules=(*UPKEEP_SCHEDULES, *RESEAL_SCHEDULES)),
    Module("web", routes=WEB_ROUTES),
    Module("people.audit", routes=(*AUDIT_ROUTES, *AUDIT_BACKOFFICE), schedules=AUDIT_SCHEDULES),
    Module("people.companies", routes=(*COMPANY_ROUTES, *SITE_ROUTES)),
    Module(
        "people.privacy",
        routes=(*PRIVACY_ROUTES, *STAFF_PRIVACY_ROUTES, *PRIVACY_PAGES, *GUEST_CUSTOMER_ROUTES),
        jobs=PRIVACY_JOBS,
        schedules=(*PRIVACY_SCHEDULES, *RETENTION_SCHEDULES),
    ),
    Module("people.users", routes=(*USER_ROUTES, *ADDRESS_ROUTES, *PHOTO_ROUTES), jobs=PHOTO_JOBS),
    Module("people.sign_in", routes=(*SIGN_IN_ROUTES, *PROOF_ROUTES), schedules=SIGN_IN_SCHEDULES),
    Module("people.sign_in.sessions", routes=(*SESSION_ROUTES, *SESSION_PAGES)),
    Module(
        "people.sign_in.second_factor",
        routes=(
            *FACTOR_ROUTES,
            *SIGN_IN_FACTOR_ROUTES,
            *FACTOR_SIGN_IN_PAGES,
            *CONFIRM_PAGES,
            *SECURITY_PAGES,
        ),
        schedules=FACTOR_SCHEDULES,
    ),
    Module("people.sign_in.openid", routes=(*OPENID_PAGES, *CONNECTION_PAGES)),
    Module("people.sign_in.pages", routes=SIGN_IN_PAGES),
    Module("people.access", routes=ACCESS_ROUTES),
    Module("people.staff", routes=STAFF_ROUTES),
    Module("people.platform", routes=PLATFORM_ROUTES),
    Module("people.staff.pages", routes=(*STAFF_BACKOFFICE, *INVITATION_BACKOFFICE, *INVITATION_PAGES)),
    Module("people.access.backoffice", routes=(*ROLE_BACKOFFICE, *KEY_BACKOFFICE)),
    Module(
        "delivery.notifications",
        routes=(*MAILBOX_PAGES, *UNSUBSCRIBE_PAGES),
        jobs=NOTIFICATION_JOBS,
        subscribers=(*ACCOUNT_SUBSCRIBERS, *NEWS_SUBSCRIBERS),
    ),
    Module("delivery.notifications.staff_mails", subscribers=STAFF_MAIL_SUBSCRIBERS),
    Module("delivery.notifications.factor_mails", subscribers=FACTOR_MAIL_SUBSCRIBERS),
    Module("delivery.notifications.host_mails", subscribers=HOST_MAIL_SUBSCRIBERS),
    Module("delivery.shipping", routes=SHIPPING_ROUTES),
    Module("finance.taxes", routes=TAX_ROUTES),
    Module("finance.payments", routes=PAYMENT_ROUTES, schedules=PAYMENT_SCHEDULES),
    Module("shop.inventory", routes=INVENTORY_ROUTES, schedules=INVENTORY_SCHEDULES),
    Module("shop.catalog", routes=(*CATALOGUE_ROUTES, *STAFF_PRODUCT_ROUTES, *STAFF_CATEGORY_ROUTES)),
    Module("shop.catalog.pages", routes=CATALOGUE_PAGES),
    Module("shop.catalog.media", routes=MEDIA_ROUTES, jobs=MEDIA_JOBS, schedules=MEDIA_SCHEDULES),
    Module("shop.catalog.importing", routes=IMPORT_ROUTES, jobs=IMPORT_JOBS),
    Module("shop.catalog.exporting", routes=EXPORT_ROUTES),
    Module("shop.carts", routes=(*GUEST_CART_ROUTES, *CUSTOMER_CART_ROUTES), schedules=CART_SCHEDULES),
    Module("shop.carts.pages", routes=CART_PAGES),
    Module("shop.checkout.pages", routes=CHECKOUT_PAGES),
    Module("shop.checkout", routes=CHECKOUT_ROUTES, subscribers=CHECKOUT_SUBSCRIBERS),
    Module("shop.orders.pages", routes=ORDER_PAGES),
    Module(
        "shop.orders",
        routes=(*BUYER_ORDER_ROUTES, *STAFF_ORDER_ROUTES),
        subscribers=(*ORDER_SUBSCRIBERS, *MAIL_SUBSCRIBERS),
        schedules=ORDER_SCHEDULES,
    ),
    Module(
        "people.companies.backoffice", routes=(*COMPANY_BACKOFFICE, *SECURITY_BACKOFFICE, *SITE_BACKOFFICE)
    ),
    Module("people.users.pages", routes=(*ADDRESS_PAGES, *PHOTO_PAGES)),
    Module("people.users.backoffice", routes=(*CUSTOMER_BACKOFFICE, *GUEST_BACKOFFICE)),
    Module("people.privacy.backoffice", routes=PRIVACY_BACKOFFICE),
    Module("delivery.shipping.backoffice", routes=(*SHIPPING_BACKOFFICE, *METHOD_BACKOFFICE)),
    Module("finance.taxes.backoffice", routes=TAX_BACKOFFICE),
    Module(
        "shop.catalog.backoffice",
        routes=(
            *PRODUCT_BACKOFFICE,
            *STATE_BACKOFFICE,
            *VARIANT_BACKOFFICE,
            *MEDIA_BACKOFFICE,
            *CATEGORY_BACKOFFICE,
            *IMPORT_BACKOFFICE,
        ),
    ),
    Module("shop.inventory.backoffice", routes=(*STOCK_BACKOFFICE, *LOCATION_BACKOFFICE)),
    Module("shop.orders.backoffice", routes=(*DASHBOARD, *ORDER_BACKOFFICE)),
)

SUBSCRIBERS = tuple(subscriber for module in MODULES for subscriber in module.subscribers)
JOBS = tuple(job for module in MODULES for job in module.jobs)
SCHEDULES = tuple(schedule for module in MODULES for schedule in module.schedules)
